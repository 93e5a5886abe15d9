"""Registers the customer's pages."""

from flask import Flask

from ivr.web.customer import paper_views, views, visit_views

#: Each adds its routes to the portal's blueprint when it is imported.
PAGES = (views, visit_views, paper_views)


def init_portal(app: Flask) -> None:
    """Register the pages that a customer's link opens."""
    app.register_blueprint(views.blueprint)
