"""Who runs the site, as the settings say it: for the footer and the meta tags of every page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

OUR_NAME = "医保办事指南"
"""What the pages call the site; the registered name (``SITE_NAME``) may be longer."""
ICP_URL = "https://beian.miit.gov.cn/"
POLICE_URL = "https://beian.mps.gov.cn/#/query/webSearch?code="


@dataclass(frozen=True)
class Publisher:
    """The entries 政府网站发展指引 asks for; what nobody has filled in is empty and stays off the pages."""

    name: str
    id_code: str
    sponsor: str
    operator: str
    contact: str
    icp_number: str
    police_number: str
    error_report_url: str

    @property
    def is_registered(self) -> bool:
        """Whether the site has a name or a code in the register of government websites."""
        return bool(self.name or self.id_code)

    @property
    def domain(self) -> str:
        """The host of ``SITE_URL``."""
        return urlsplit(settings.SITE_URL).netloc

    @property
    def shown_name(self) -> str:
        """The registered name, else what the pages call the site."""
        return self.name or OUR_NAME

    @property
    def icp_url(self) -> str:
        """Where an ICP number is looked up."""
        return ICP_URL

    @property
    def police_url(self) -> str:
        """Where this number of the police is looked up: by its digits."""
        return POLICE_URL + "".join(re.findall(r"\d+", self.police_number))

    @property
    def entries(self) -> list[tuple[str, str, str]]:
        """(label, words, link) of everything the footer states, in its order; the link may be empty."""
        every = [
            ("主办单位", self.sponsor, ""),
            ("承办单位", self.operator, ""),
            ("联系方式", self.contact, ""),
            ("网站标识码", self.id_code, ""),
            ("ICP备案号", self.icp_number, self.icp_url),
            ("公安备案号", self.police_number, self.police_url),
        ]
        return [entry for entry in every if entry[1]]


def publisher() -> Publisher:
    """The publisher of this site."""
    return Publisher(
        name=settings.SITE_NAME,
        id_code=settings.SITE_ID_CODE,
        sponsor=settings.SITE_SPONSOR,
        operator=settings.SITE_OPERATOR,
        contact=settings.SITE_CONTACT,
        icp_number=settings.ICP_NUMBER,
        police_number=settings.POLICE_NUMBER,
        error_report_url=settings.ERROR_REPORT_URL,
    )
