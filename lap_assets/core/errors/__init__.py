"""Every error that LAP raises on purpose. Anything else is a bug and shows its traceback.

LapError
├── InputError                  an invalid argument
│   ├── NameInvalid             a file name that is not a poster's
│   └── BoxInvalid              invalid corners, class or score of a box
├── SettingsError               an invalid LAP_* variable
│   └── RulesError              an invalid LAP_RULES
├── FileError                   a file that cannot be used
│   ├── PictureError            a picture that cannot be opened within the limits
│   ├── LabelFileError          a label file, or several faults in label files
│   │   └── NotSaved            a label file that cannot be replaced
│   ├── VerdictLineError        a line of a verdict log
│   ├── TableError              a table with missing columns or invalid values
│   ├── StateError              a damaged or locked database of the home
│   └── WeightsError            a file of model weights
│       └── CfgError            the description of a Darknet network
├── PluginError                 another package's model that cannot be used
├── NotReady                    weights, settings, a device or disk space are missing before a run
├── LockHeld                    another process is using the home
├── DiskFull                    the home's disk is full
├── NoWindow                    no display, Tk or Pillow for a review tool
├── Stopped                     the user asked to stop
├── ScrapeStopped               a scrape ended early; the next run resumes it
│   ├── SiteBlocked             the site refuses requests or is down
│   ├── BudgetSpent             the run's requests or minutes are used up
│   ├── ScrapeInterrupted       the user asked to stop
│   ├── Disallowed              robots.txt forbids an address
│   ├── Refused                 an API rejects the client id
│   └── NothingListens          no replica, or no proxy, at an address of this machine
└── PageFailed                  one address could not be read, after several attempts
    └── AddressWaits            it failed before, and is not requested again yet

`exit_status` is the exit status of a command that ends with the error. The builtin bases stay for callers that catch
them.
"""

from lap_assets.core.errors.files import (
    CfgError,
    FileError,
    LabelFileError,
    NotSaved,
    PictureError,
    StateError,
    TableError,
    VerdictLineError,
    WeightsError,
)
from lap_assets.core.errors.root import (
    BoxInvalid,
    DiskFull,
    InputError,
    LapError,
    LockHeld,
    NameInvalid,
    NotReady,
    NoWindow,
    PluginError,
    RulesError,
    SettingsError,
    Stopped,
    is_debugging,
)
from lap_assets.core.errors.scraping import (
    AddressWaits,
    BudgetSpent,
    Disallowed,
    NothingListens,
    PageFailed,
    Refused,
    ScrapeInterrupted,
    ScrapeStopped,
    SiteBlocked,
    moment,
)

__all__ = [
    "AddressWaits",
    "BoxInvalid",
    "BudgetSpent",
    "CfgError",
    "Disallowed",
    "DiskFull",
    "FileError",
    "InputError",
    "LabelFileError",
    "LapError",
    "LockHeld",
    "NameInvalid",
    "NoWindow",
    "NotReady",
    "NotSaved",
    "NothingListens",
    "PageFailed",
    "PictureError",
    "PluginError",
    "Refused",
    "RulesError",
    "ScrapeInterrupted",
    "ScrapeStopped",
    "SettingsError",
    "SiteBlocked",
    "StateError",
    "Stopped",
    "TableError",
    "VerdictLineError",
    "WeightsError",
    "is_debugging",
    "moment",
]
