"""The documents: what is generated from the code for them, and what MkDocs needs to build them."""
