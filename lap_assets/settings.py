"""The settings: one typed object, read from the environment variables `LAP_*`."""

import re
from pathlib import Path
from typing import Any, Final, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from lap_assets.core.errors import SettingsError
from lap_assets.core.home import DEFAULT, Home
from lap_assets.core.picture_limits import MAX_BYTES, MAX_FRAMES, MAX_PIXELS, MAX_SCANS, Limits
from lap_assets.core.plain_text import printable
from lap_assets.setting_faults import PREFIX, problem_of, variable
from lap_assets.setting_texts import check_folder, parse_pause, parse_replica, parse_shares

# The demo needs no download: these models are in the package.
_OF_THE_DEMO: Final = {
    "embedder": "lap-tiny", "face_detector": "lap-tiny", "head_detector": "lap-tiny", "upscaler": "lanczos",
}  # fmt: skip
_MOST: Final = 1e6  # days, hours, minutes or seconds
_MOST_COUNT: Final = 10**12


class Settings(BaseSettings):
    """The settings of LAP. Each field `x` is the environment variable `LAP_X`; an empty variable counts as unset."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, env_ignore_empty=True, allow_inf_nan=False, extra="ignore"
    )

    home: Path = Field(Path(DEFAULT), description="the folder that holds everything; may be a shared mount")
    mal_source: Literal["pages", "api"] = Field(
        "pages", description="where MAL's data comes from: pages or api; api by default if a client id is set"
    )
    mal_client_id: str = Field("", description="the client id for MAL's API; sent only to the API")
    sites_url: str | None = Field(None, description="address of a replica on this machine, read instead of both sites")
    pause: str = Field("1-4", description="seconds between two requests to a site: one number or a range")
    contact: str = Field("", description="e-mail address or link where the sites' owners reach you; sent with requests")
    permission: str = Field("", description="who permits you to read the real sites' pages, or on what ground")
    request_seconds: float = Field(120, gt=0, le=_MOST, description="seconds that one complete response may take")
    longest_wait: float = Field(
        300, gt=0, le=_MOST, description="most seconds that a run waits for a Retry-After or Crawl-delay"
    )
    longest_break: float = Field(
        24, gt=0, le=_MOST, description="most hours without requests to a site, whatever its Retry-After says"
    )
    budget_requests: int | None = Field(
        None,
        ge=1,
        le=_MOST_COUNT,
        description="requests per run and partition of a site; at least three to fetch a poster",
    )
    budget_minutes: float | None = Field(None, gt=0, le=_MOST, description="minutes per run and partition of a site")
    revisit_days: float = Field(120, ge=0, le=_MOST, description="days after which a page of pictures is read again")
    revisit_days_newest: float = Field(7, ge=0, le=_MOST, description="LAP_REVISIT_DAYS for the newest subfolder")
    sweep_days: float = Field(
        7, ge=0, le=_MOST, description="days after which the newest pages of MAL's listing are read again"
    )
    sweep_pages: int = Field(40, ge=1, le=_MOST_COUNT, description="pages of the listing that a routine crawl reads")
    whole_sweep_days: float = Field(
        365, ge=0, le=_MOST, description="days after which MAL's whole listing is read again"
    )
    update_pages: int = Field(
        8, ge=1, le=_MOST_COUNT, description="most pages of World Art's list of updates that a crawl reads"
    )
    attempts: int = Field(
        3, ge=1, le=_MOST_COUNT, description="how often automation tries a failing step until an input changes"
    )
    probe_ids: int = Field(
        100, ge=1, le=_MOST_COUNT, description="consecutive missing World Art ids that end the search for new ones"
    )
    rules: str | None = Field(None, description="JSON that overrides parts of the table of rules for duplicates")
    embedder: str = Field("animesion-vit-l16", description="the model that finds similar posters, or none")
    face_detector: str = Field("hysts-faster-rcnn", description="the model that finds faces, or none")
    head_detector: str = Field("grapeot-yolov3", description="the model that finds heads, or none")
    compared_face_detectors: str = Field(
        "", description="more face detectors, comma-separated, that detector_report compares on reviewed images"
    )
    compared_head_detectors: str = Field("", description="more head detectors for detector_report, comma-separated")
    upscaler: str = Field("realesrgan-anime-6b", description="what enlarges small posters: a model, lanczos, or none")
    splits: str = Field("80/10/10", description="percentages of a release for training, validation and test")
    least_score: float = Field(
        0.5, ge=0, le=1, description="minimum score of a detector's boxes in a release's YOLO and VOC folders"
    )
    annotations_licence: str = Field("", description="the licence that a release names for its boxes")
    device: str | None = Field(
        None, description="the torch device that runs models (cpu, cuda, cuda:1); by default the best"
    )
    broker_url: str | None = Field(None, repr=False, description="the Redis server of a cluster; empty without one")
    worker_silence: float = Field(
        60, gt=0, le=_MOST, description="seconds without an answer after which a worker counts as dead"
    )
    keep_models: bool = Field(False, description="whether a process keeps models loaded")
    max_pixels: int = Field(
        MAX_PIXELS, ge=1, le=_MOST_COUNT, description="pictures with more pixels are refused before decoding"
    )
    max_picture_bytes: int = Field(
        MAX_BYTES, ge=1, le=_MOST_COUNT, description="picture files with more bytes are refused"
    )
    max_jpeg_scans: int = Field(
        MAX_SCANS, ge=1, le=_MOST_COUNT, description="JPEGs with more scans are refused before decoding"
    )
    max_frames: int = Field(MAX_FRAMES, ge=1, le=_MOST_COUNT, description="animations with more frames are refused")

    @model_validator(mode="before")
    @classmethod
    def _prefer_the_api(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Choose MAL's API if a client id is set and no source is named."""
        return {"mal_source": "api", **values} if values.get("mal_client_id") else values

    @field_validator("sites_url")
    @classmethod
    def _is_loopback(cls, value: str | None) -> str | None:
        return None if value is None else parse_replica(value)

    @field_validator("home")
    @classmethod
    def _has_short_names(cls, value: Path) -> Path:
        return check_folder(value)

    @field_validator("mal_client_id")
    @classmethod
    def _is_a_word(cls, value: str) -> str:
        if not re.fullmatch(r"[!-~]*", value):
            raise ValueError("expected the id as MAL shows it: letters and digits, no spaces")
        return value

    @field_validator("permission", "annotations_licence")
    @classmethod
    def _is_one_line(cls, value: str) -> str:
        if printable(value) != value:
            raise ValueError("expected one line of text, without line breaks or other control characters")
        return value

    @field_validator("broker_url")
    @classmethod
    def _is_redis(cls, value: str | None) -> str | None:
        if value and not value.startswith(("redis://", "rediss://")):
            raise ValueError("expected a Redis address, such as redis://host:6379/0")
        return value or None

    @field_validator("pause")
    @classmethod
    def _is_range(cls, value: str) -> str:
        parse_pause(value)
        return value

    @field_validator("splits")
    @classmethod
    def _is_shares(cls, value: str) -> str:
        parse_shares(value)
        return value

    @classmethod
    def load(cls) -> Self:
        """Read the environment; `lap_assets.startup` also checks the names of models and the rules.

        In a demo's home, models that the environment does not name are the demo's.

        Raises:
            SettingsError: variables have invalid values; a line names each.
        """
        try:
            settings = cls()
            return settings.for_demo() if Home(settings.home).demo_mark.exists() else settings
        except ValidationError as error:
            raise SettingsError(*(problem_of(one, cls.model_fields) for one in error.errors())) from None

    def as_environment(self) -> dict[str, str]:
        """Return the environment variables that reproduce these settings elsewhere; the home as an absolute path."""
        values = {**self.model_dump(exclude_none=True), "home": self.home.absolute()}
        return {variable(name): str(value) for name, value in values.items()}

    def for_demo(self) -> Self:
        """Return these settings with the packaged small models wherever no model is named."""
        unnamed = {name: model for name, model in _OF_THE_DEMO.items() if name not in self.model_fields_set}
        return self.model_copy(update=unnamed)

    @property
    def pause_seconds(self) -> tuple[float, float]:
        """The shortest and longest wait between two requests to one site, in seconds."""
        return parse_pause(self.pause)

    @property
    def picture_limits(self) -> Limits:
        """The limits of a picture's size."""
        return Limits(self.max_pixels, self.max_picture_bytes, self.max_jpeg_scans, self.max_frames)

    @property
    def is_replica(self) -> bool:
        """Whether a replica on this machine takes the sites' place."""
        return self.sites_url is not None
