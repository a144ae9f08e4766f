"""What certificates add to /cms/."""

from wagtail import hooks

from certificates.cms import CertificateViewSet


@hooks.register("register_admin_viewset")
def certificates_in_cms():
    return CertificateViewSet("certificate", url_prefix="certificates")
