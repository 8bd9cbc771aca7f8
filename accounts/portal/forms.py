from django import forms


class SignInForm(forms.Form):
    """E-mail address and password. Whether they fit together is not the form's to know."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=255,
        widget=forms.EmailInput(
            attrs={"class": "form-control", "autocomplete": "username", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label="Password",
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "form-control", "autocomplete": "current-password"}),
    )
