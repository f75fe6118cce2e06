"""Pages."""

import os

from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.views.generic import CreateView, DeleteView, DetailView, FormView, ListView

from ausschreibungen.models import Ausschreibung


def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """Answers once the database does, and says which version of the app this is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    version = os.environ.get("STANDIN_VERSION", "")
    return HttpResponse("ok", content_type="text/plain", headers={"X-Version": version})


@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """What is to be done next."""
    return render(
        request, "ausschreibungen/dashboard.html", {"anzahl": Ausschreibung.objects.count()}
    )


class List(LoginRequiredMixin, ListView):
    """All of them; to HTMX, the table alone."""

    model = Ausschreibung

    def get_template_names(self) -> list[str]:
        """The whole page, or the part that HTMX puts into it."""
        name = "tabelle" if self.request.htmx else "liste"
        return [f"ausschreibungen/{name}.html"]


class Detail(LoginRequiredMixin, DetailView):
    """One of them."""

    model = Ausschreibung
    template_name = "ausschreibungen/eine.html"


class Create(LoginRequiredMixin, CreateView):
    """A form for a new one."""

    model = Ausschreibung
    fields = ("titel", "auftraggeber", "frist", "status")
    template_name = "ausschreibungen/neu.html"


class Unterlage(forms.Form):
    """A document: what is uploaded goes to the media volume, and nowhere else."""

    name = forms.SlugField()
    text = forms.CharField(widget=forms.Textarea)


class Upload(LoginRequiredMixin, FormView):
    """A form for one."""

    form_class = Unterlage
    success_url = reverse_lazy("liste")
    template_name = "ausschreibungen/neu.html"

    def form_valid(self, form: Unterlage) -> HttpResponse:
        """Store it, or fail as the volume does."""
        given = form.cleaned_data
        default_storage.save(f"{given['name']}.txt", ContentFile(given["text"]))
        return super().form_valid(form)


class Delete(LoginRequiredMixin, DeleteView):
    """Asks before it removes one."""

    model = Ausschreibung
    success_url = reverse_lazy("liste")
    template_name = "ausschreibungen/loeschen.html"
