"""The workloads that are one kind of page each."""

from collections.abc import Callable, Mapping, Sequence

from scripts.benchmarks.pages.picking import MANY_LINES, THOUSAND_LINES, Picker
from scripts.benchmarks.pages.targets import Target

#: What to ask for, in the order in which it is printed. The more a page costs, the fewer are picked.
PAGES: Mapping[str, Callable[[Picker], Sequence[Target]]] = {
    "summary": lambda picker: picker.summary(),
    "root": lambda picker: picker.folders("root", b"", 20),
    "deep": lambda picker: picker.folders("deep", picker.deep_path(), 20),
    "wide": lambda picker: picker.folders("wide", picker.wide_path(), 10),
    "blob1k": lambda picker: picker.files("blob1k", THOUSAND_LINES, 20),
    "blobbig": lambda picker: picker.files("blobbig", MANY_LINES, 6),
    "blame1k": lambda picker: picker.blames("blame1k", THOUSAND_LINES, 8),
    "blamemc": lambda picker: picker.blames_of_busiest("blamemc", 3),
    "log1": lambda picker: picker.newest_logs("log1", 20),
    "logdeep": lambda picker: picker.deep_logs("logdeep", 20),
    "logpath": lambda picker: picker.path_logs(20),
    "diff": lambda picker: picker.small_changes("diff", 20),
    "diffhuge": lambda picker: picker.huge_changes("diffhuge", 4),
    "raw": lambda picker: picker.raw_files("raw", THOUSAND_LINES, 20),
    "rawbig": lambda picker: picker.raw_files("rawbig", MANY_LINES, 6),
    "targz": lambda picker: picker.archives("targz", 2),
}
