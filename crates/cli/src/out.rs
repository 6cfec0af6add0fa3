//! Output that is there whole or not at all.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// A folder or file in the making. It lives beside its target under a hidden
/// name and takes its place in [`Output::finish`]; dropped before, it is gone.
pub struct Output {
    target: PathBuf,
    partial: PathBuf,
}

impl Output {
    /// An empty folder in the making.
    pub fn folder(target: &Path, force: bool) -> Result<Self, Failure> {
        let output = Self::prepare(target, force)?;
        fs::create_dir(&output.partial).map_err(|error| Failure::unwritable(target, &error))?;
        Ok(output)
    }

    /// A file in the making, which the caller writes to [`Output::path`].
    pub fn file(target: &Path, force: bool) -> Result<Self, Failure> {
        let output = Self::prepare(target, force)?;
        fs::File::create(&output.partial).map_err(|error| Failure::unwritable(target, &error))?;
        Ok(output)
    }

    fn prepare(target: &Path, force: bool) -> Result<Self, Failure> {
        if target.symlink_metadata().is_ok() {
            require_replaceable(target, force)?;
        }
        let name = target.file_name().ok_or_else(|| {
            Failure::new(
                format!("`{}` names no file or folder", target.display()),
                "give a name, for example -o results",
            )
        })?;
        let hidden = format!(".{}.{}", std::process::id(), name.to_string_lossy());
        Ok(Self { target: target.into(), partial: target.with_file_name(hidden) })
    }

    /// Where to write meanwhile.
    pub fn path(&self) -> &Path {
        &self.partial
    }

    /// Puts what was written in its place.
    pub fn finish(self) -> Result<(), Failure> {
        let mut aside = self.partial.clone().into_os_string();
        aside.push(".old");
        let aside = PathBuf::from(aside);
        replace(&self.partial, &self.target, &aside)
            .map_err(|error| Failure::unwritable(&self.target, &error))
    }
}

/// Moves `new` to `target`. What is there goes aside first and comes back if the move fails.
fn replace(new: &Path, target: &Path, aside: &Path) -> std::io::Result<()> {
    let replaced = target.symlink_metadata().is_ok();
    if replaced {
        fs::rename(target, aside)?;
    }
    if let Err(error) = fs::rename(new, target) {
        if replaced {
            fs::rename(aside, target)?;
        }
        return Err(error);
    }
    remove(aside)
}

/// Files whose presence marks a folder as an earlier result of ours.
const MARKS: [&str; 2] = ["report.json", "truth.json"];

/// `--force` replaces a file, an empty folder or an earlier result: never a folder of other things.
fn require_replaceable(target: &Path, force: bool) -> Result<(), Failure> {
    if !force {
        return Err(Failure::new(
            format!("`{}` exists already", target.display()),
            "choose another name, or replace it with --force",
        ));
    }
    let ours = !target.is_dir()
        || MARKS.iter().any(|mark| target.join(mark).is_file())
        || fs::read_dir(target).is_ok_and(|mut entries| entries.next().is_none());
    if ours {
        return Ok(());
    }
    Err(Failure::new(
        format!("`{}` holds other things than an earlier result", target.display()),
        "choose another name: --force replaces only results of hilum",
    ))
}

impl Drop for Output {
    fn drop(&mut self) {
        // After `finish` nothing is left here. A failure to clean up has no better place to go.
        let _ = remove(&self.partial);
    }
}

fn remove(path: &Path) -> std::io::Result<()> {
    let removed = match path.symlink_metadata() {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_appears_only_when_finished() {
        let parent = tempfile::tempdir().unwrap();
        let target = parent.path().join("out");
        let output = Output::folder(&target, false).unwrap();
        fs::write(output.path().join("a"), "text").unwrap();
        assert!(!target.exists());
        output.finish().unwrap();
        assert_eq!(fs::read_to_string(target.join("a")).unwrap(), "text");
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_given_up_leaves_nothing() {
        let parent = tempfile::tempdir().unwrap();
        drop(Output::folder(&parent.path().join("out"), false).unwrap());
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
    }

    #[test]
    fn an_existing_folder_is_replaced_only_by_force() {
        let parent = tempfile::tempdir().unwrap();
        let target = parent.path().join("out");
        fs::create_dir(&target).unwrap();
        fs::write(target.join("report.json"), "").unwrap();
        assert!(Output::folder(&target, false).is_err());
        Output::folder(&target, true).unwrap().finish().unwrap();
        assert!(!target.join("report.json").exists());
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_of_other_things_is_never_replaced() {
        let parent = tempfile::tempdir().unwrap();
        fs::write(parent.path().join("thesis.txt"), "").unwrap();
        assert!(Output::folder(parent.path(), true).is_err());
        assert!(parent.path().join("thesis.txt").exists());
    }
}
