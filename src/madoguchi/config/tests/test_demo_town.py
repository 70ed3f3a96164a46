"""The demo town: every office has its officers, once; who they are and how they sign in is told."""

import stat

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled

from madoguchi.config import demo
from madoguchi.config.processes import greeting
from madoguchi.people.models import Officer, Post
from madoguchi.town.offices import town

pytestmark = pytest.mark.django_db
PLACES = {"clerk", "officer", "chief", "manager", "director"}


@pytest.fixture(autouse=True)
def own_home(settings, tmp_path):
    """A home folder without a password yet."""
    settings.HOME = tmp_path


def test_every_office_has_its_five_places():
    demo.seed()
    for office in town().offices:
        assert set(Post.objects.filter(office=office).values_list("role", flat=True)) >= PLACES
    assert set(Post.objects.filter(office="reform").values_list("role", flat=True)) == PLACES | {"reform", "admin"}


def test_everybody_can_sign_in_with_the_password_told_and_a_second_factor():
    demo.seed()
    password = demo.accounts_file().read_text()
    assert stat.S_IMODE(demo.accounts_file().stat().st_mode) == 0o600
    assert all(is_mfa_enabled(officer) for officer in Officer.objects.all())
    assert Officer.objects.get(email="suzuki.officer@minatono.example").check_password(password)


def test_names_and_addresses_are_told_apart():
    people = list(demo.people())
    assert len({email for email, *_rest in people}) == len(people)
    assert all(email.endswith("@minatono.example") for email, *_rest in people)


def test_the_manager_of_the_main_office_has_a_deputy():
    demo.seed()
    manager = Post.objects.get(office=demo.MAIN_OFFICE, role="manager")
    assert manager.deputy == Post.objects.get(office=demo.MAIN_OFFICE, role="chief").officer


def test_a_second_start_changes_nothing():
    demo.seed()
    password = demo.accounts_file().read_text()
    before = Officer.objects.count(), Post.objects.count(), Authenticator.objects.count()
    demo.seed()
    assert (Officer.objects.count(), Post.objects.count(), Authenticator.objects.count()) == before
    assert demo.accounts_file().read_text() == password


def test_production_gets_no_demo_officers_and_tells_no_code(settings):
    demo.seed()
    settings.PRODUCTION = True
    with pytest.raises(demo.NoCode, match="production"):
        demo.current_code("suzuki.officer@minatono.example")
    Officer.objects.all().delete()
    demo.prepare()
    assert not Officer.objects.exists()


def test_the_code_told_is_the_one_that_signs_in():
    demo.seed()
    secret = Authenticator.objects.get(user__email="suzuki.officer@minatono.example")
    assert secret.wrap().validate_code(demo.current_code("Suzuki.Officer@minatono.example"))


def test_a_new_officer_gets_a_password_once_and_further_posts_without_one():
    password = demo.add_officer("Hanako@minatono.example", "山田 花子", "legal", "officer")
    officer = Officer.objects.get(email="hanako@minatono.example")
    assert officer.check_password(password)
    assert demo.add_officer("hanako@minatono.example", "山田 花子", "legal", "chief") == ""
    assert set(officer.posts.values_list("role", flat=True)) == {"officer", "chief"}


def test_the_greeting_says_who_can_sign_in():
    demo.seed()
    told = "\n".join(greeting.greeting("http://hall.example"))
    assert demo.accounts_file().read_text() in told
    for role in PLACES:
        assert f"{role}@minatono.example" in told.replace(f".{role}", role)
    assert "http://hall.example/desk/" in told


def test_the_greeting_of_a_production_tells_no_password(settings):
    demo.seed()
    settings.PRODUCTION = True
    assert demo.accounts_file().read_text() not in "\n".join(greeting.greeting("https://hall.example"))
