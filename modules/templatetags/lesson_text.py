from django import template

from modules.richtext import render_richtext

register = template.Library()
register.filter("lesson_richtext", render_richtext)
