"""The import job: pictures from a folder, rows from a table, and then the split."""

from core.project.import_pictures import import_folder
from core.project.import_rows import NameHints, hints_of_name, import_table
from core.project.import_source import ImportSummary
from core.project.items import ImportProblem
from core.project.splitting import split_project

__all__ = ["ImportProblem", "ImportSummary", "NameHints", "hints_of_name", "import_folder", "import_table", "split_project"]
