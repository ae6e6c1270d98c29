"""fonts.example.test: hands out a style sheet, and reads what browsers tell it on the way."""

from flask import Flask
from lab import serve

fonts = Flask("fonts")

if __name__ == "__main__":
    serve({"fonts": fonts})
