"""spa.example.test: an application that is nothing but a page and its script. A public client: it can keep no secret."""

from flask import Flask

spa = Flask("spa")
