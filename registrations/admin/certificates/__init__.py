"""Certificates at the desk: issued for a class, found in the register, replaced and revoked."""
