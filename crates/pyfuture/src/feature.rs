//! What a feature is: the data of the module `__future__`.

use pycode::{CodeFlags, version};

/// A release of Python, as `sys.version_info` writes it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Release {
    /// `major`
    pub major: u8,
    /// `minor`
    pub minor: u8,
    /// `micro`
    pub micro: u8,
    /// `releaselevel`: `alpha`, `beta`, `candidate` or `final`
    pub level: &'static str,
    /// `serial`
    pub serial: u8,
}

impl Release {
    /// A release from the five items of `sys.version_info`.
    pub const fn new(major: u8, minor: u8, micro: u8, level: &'static str, serial: u8) -> Self {
        Release { major, minor, micro, level, serial }
    }
}

/// A feature that can be imported from `__future__` (`__future__._Feature`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Feature {
    /// The name that is imported.
    pub name: &'static str,
    /// `compiler_flag`; that of `generators` is 0.
    pub compiler_flag: CodeFlags,
    /// `getOptionalRelease()`: the first release that had it.
    pub optional: Release,
    /// `getMandatoryRelease()`: the release in which it became, or is to become, the default.
    pub mandatory: Option<Release>,
}

impl Feature {
    /// Whether importing it changes anything: it is not the default yet.
    pub const fn is_pending(&self) -> bool {
        const NOW: (u8, u8) = ((version::HEX_VERSION >> 24) as u8, (version::HEX_VERSION >> 16) as u8);
        match self.mandatory {
            Some(release) => release.major > NOW.0 || (release.major == NOW.0 && release.minor > NOW.1),
            None => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::FEATURES;

    #[test]
    fn two_features_still_change_something() {
        let pending: Vec<&str> = FEATURES.iter().filter(|f| f.is_pending()).map(|f| f.name).collect();
        assert_eq!(pending, ["barry_as_FLUFL", "annotations"]);
    }
}
