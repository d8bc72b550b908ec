"""Icons, translations, licences and sounds, read through importlib.resources."""
