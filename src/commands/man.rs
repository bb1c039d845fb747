//! `cargo lambda-zip man`: the manual pages.

use fs_err as fs;

use super::output::print;
use super::session::current_folder;
use crate::cli::{self, ManOptions};
use crate::error::{Error, Result};
use crate::paths::{impossible, normalized};

/// Writes all pages into a folder, or prints one page.
///
/// # Errors
/// [`Error::Io`] if the folder or standard output cannot be written to; [`Error::Usage`] if there is
/// no such command, or if no folder can have that name.
pub(crate) fn run(options: &ManOptions) -> Result<()> {
    let pages = cli::pages();
    if let Some(folder) = &options.out_dir {
        let folder = normalized(&current_folder()?.join(folder));
        if let Some(why) = impossible(&folder) {
            return Err(Error::usage(
                format!("the folder `{folder}` {why}"),
                "name another folder with `--out-dir`",
            ));
        }
        let written = fs::create_dir_all(&folder).and_then(|()| {
            let mut pages = pages.iter();
            pages.try_for_each(|page| fs::write(folder.join(page.file_name()), &page.text))
        });
        return written.map_err(Error::io("could not write the manual pages"));
    }
    let page = options.page(&pages)?;
    print(page.text.as_bytes())
}
