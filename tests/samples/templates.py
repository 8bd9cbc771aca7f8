from moderation.models import Template, TemplateVersion


def template(name: str) -> Template:
    """A template of its own, so that lists of sites meet as many templates as sites."""
    documents = Template.objects.get(name="family_education").latest.documents
    made = Template.objects.create(
        name=f"template-{name.lower()}", display_name=f"For {name}", description="A test's"
    )
    TemplateVersion.objects.create(template=made, number=1, documents=documents, created_by="test")
    return made
