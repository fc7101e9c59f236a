"""The workloads that are one kind of page each."""

from collections.abc import Callable, Mapping, Sequence

from scripts.benchmarks.pages.picking import MANY_LINES, THOUSAND_LINES, Picker
from scripts.benchmarks.pages.targets import Target

#: What to ask for, in the order in which it is printed. Each is asked for only once while nothing is known, so the less
#: a page costs, the more are picked. The last one is for warming up.
PAGES: Mapping[str, Callable[[Picker], Sequence[Target]]] = {
    "summary": lambda picker: picker.summary(),
    "root": lambda picker: picker.folders("root", b"", 26),
    "deep": lambda picker: picker.folders("deep", picker.deep_path(), 61),
    "wide": lambda picker: picker.folders("wide", picker.wide_path(), 13),
    "blob1k": lambda picker: picker.files("blob1k", THOUSAND_LINES, 26),
    "blobbig": lambda picker: picker.files("blobbig", MANY_LINES, 7),
    "blame1k": lambda picker: picker.blames("blame1k", THOUSAND_LINES, 9),
    "blamemc": lambda picker: picker.blames_of_busiest("blamemc", 4),
    "log1": lambda picker: picker.newest_logs(51),
    "logdeep": lambda picker: picker.deep_logs("logdeep", 41),
    "logpath": lambda picker: picker.path_logs(31),
    "diff": lambda picker: picker.small_changes("diff", 31),
    "diffhuge": lambda picker: picker.huge_changes("diffhuge", 6),
    "raw": lambda picker: picker.raw_files("raw", THOUSAND_LINES, 101),
    "rawbig": lambda picker: picker.raw_files("rawbig", MANY_LINES, 61),
    "targz": lambda picker: picker.archives("targz", 3),
}
