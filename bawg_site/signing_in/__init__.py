"""How staff sign in: a password, then a code of their app or a passkey."""
