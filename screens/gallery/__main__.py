"""Show the gallery."""

from screens.gallery.gallery import Gallery

if __name__ == "__main__":
    Gallery().run()
