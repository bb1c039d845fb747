//! The shared libraries that a runtime's image has.

use super::runtime::Runtime;

/// Whether a runtime has a library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// It is of glibc, or of GCC and what most programs of C++ need, and stays compatible. Not
    /// all are looked for by its own programs: libanl, libmvec and libthread_db are not.
    Certain,
    /// It is in the image, for the sake of some program there. AWS promises it to no function,
    /// and may change its version or remove it with that program.
    Incidental,
    /// Not in the image.
    Absent,
}

/// The libraries of glibc itself and GCC's support libraries.
const CERTAIN: [&str; 18] = [
    "libc.so.6",
    "libm.so.6",
    "libmvec.so.1",
    "libpthread.so.0",
    "libdl.so.2",
    "librt.so.1",
    "libresolv.so.2",
    "libutil.so.1",
    "libanl.so.1",
    "libBrokenLocale.so.1",
    "libnss_dns.so.2",
    "libnss_files.so.2",
    "libthread_db.so.1",
    "libgcc_s.so.1",
    "libstdc++.so.6",
    "linux-vdso.so.1",
    "ld-linux-x86-64.so.2",
    "ld-linux-aarch64.so.1",
];

/// What is in the images of both runtimes beside them.
///
/// Source, here and below: the listings of `/lib64` of the images that Bref keeps to know what its
/// layers need not bring (brefphp/aws-lambda-layers: `utils/lib-copy`, for x86_64 and arm64 of
/// Amazon Linux 2023, and `utils/lib-check`, for Amazon Linux 2).
const BOTH: [&str; 38] = [
    "libacl.so.1",
    "libattr.so.1",
    "libbz2.so.1",
    "libcap.so.2",
    "libcom_err.so.2",
    "libcurl.so.4",
    "libform.so.6",
    "libformw.so.6",
    "libgmp.so.10",
    "libgssapi_krb5.so.2",
    "libgssrpc.so.4",
    "libidn2.so.0",
    "libk5crypto.so.3",
    "libkeyutils.so.1",
    "libkrad.so.0",
    "libkrb5.so.3",
    "libkrb5support.so.0",
    "liblzma.so.5",
    "libmenu.so.6",
    "libmenuw.so.6",
    "libncurses.so.6",
    "libncursesw.so.6",
    "libnghttp2.so.14",
    "libnss_compat.so.2",
    "libnssckbi.so",
    "libp11-kit.so.0",
    "libpanel.so.6",
    "libpanelw.so.6",
    "libpopt.so.0",
    "libselinux.so.1",
    "libsqlite3.so.0",
    "libtasn1.so.6",
    "libtic.so.6",
    "libtinfo.so.6",
    "libuuid.so.1",
    "libverto.so.1",
    "libxml2.so.2",
    "libz.so.1",
];

/// What only that of `provided.al2023` has.
const ONLY_AL2023: [&str; 48] = [
    "libarchive.so.13",
    "libassuan.so.0",
    "libaudit.so.1",
    "libauparse.so.0",
    "libblkid.so.1",
    "libcap-ng.so.0",
    "libcrypto.so.3",
    "libdnf.so.2",
    "libdrop_ambient.so.0",
    "libffi.so.8",
    "libgcrypt.so.20",
    "libgio-2.0.so.0",
    "libgirepository-1.0.so.1",
    "libglib-2.0.so.0",
    "libgmodule-2.0.so.0",
    "libgobject-2.0.so.0",
    "libgpg-error.so.0",
    "libgpgme.so.11",
    "libgthread-2.0.so.0",
    "libhistory.so.8",
    "libjson-c.so.5",
    "libkdb5.so.10",
    "liblua-5.3.so",
    "liblua-5.4.so",
    "liblz4.so.1",
    "libmagic.so.1",
    "libmodulemd.so.2",
    "libmount.so.1",
    "libmpfr.so.6",
    "libnpth.so.0",
    "libpcre2-8.so.0",
    "libpcre2-posix.so.3",
    "libpeas-1.0.so.0",
    "libpsl.so.5",
    "libpsx.so.2",
    "libreadline.so.8",
    "librepo.so.0",
    "librpm.so.9",
    "librpmio.so.9",
    "libsepol.so.2",
    "libsigsegv.so.2",
    "libsmartcols.so.1",
    "libsolv.so.1",
    "libsolvext.so.1",
    "libssl.so.3",
    "libunistring.so.2",
    "libyaml-0.so.2",
    "libzstd.so.1",
];

/// What only that of `provided.al2` has.
const ONLY_AL2: [&str; 49] = [
    "libcidn.so.1",
    "libcrypt.so.1",
    "libcrypto.so.10",
    "libdb-5.3.so",
    "libelf.so.1",
    "libffi.so.6",
    "libfreebl3.so",
    "libfreeblpriv3.so",
    "libgmpxx.so.4",
    "libhistory.so.6",
    "libicudata.so.50",
    "libicui18n.so.50",
    "libicuio.so.50",
    "libicule.so.50",
    "libiculx.so.50",
    "libicutest.so.50",
    "libicutu.so.50",
    "libicuuc.so.50",
    "libkdb5.so.8",
    "liblber-2.4.so.2",
    "libldap-2.4.so.2",
    "libldap_r-2.4.so.2",
    "liblua-5.1.so",
    "libnsl.so.1",
    "libnspr4.so",
    "libnss3.so",
    "libnssdbm3.so",
    "libnsspem.so",
    "libnsssysinit.so",
    "libnssutil3.so",
    "libpcre.so.1",
    "libpcre16.so.0",
    "libpcre32.so.0",
    "libpcrecpp.so.0",
    "libpcreposix.so.0",
    "libplc4.so",
    "libplds4.so",
    "libreadline.so.6",
    "librpm.so.3",
    "librpmio.so.3",
    "libsasl2.so.3",
    "libsepol.so.1",
    "libslapi-2.4.so.2",
    "libsmime3.so",
    "libsoftokn3.so",
    "libssh2.so.1",
    "libssl.so.10",
    "libssl3.so",
    "libunistring.so.0",
];

/// Whether the image of `runtime` has the library.
pub(crate) fn presence(runtime: Runtime, soname: &str) -> Presence {
    let own: &[&str] = match runtime {
        Runtime::Al2023 => &ONLY_AL2023,
        Runtime::Al2 => &ONLY_AL2,
    };
    if CERTAIN.contains(&soname) {
        Presence::Certain
    } else if BOTH.contains(&soname) || own.contains(&soname) {
        Presence::Incidental
    } else {
        Presence::Absent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_runtime_has_its_own_openssl() {
        let has = |runtime, soname| presence(runtime, soname) == Presence::Incidental;
        assert!(has(Runtime::Al2023, "libssl.so.3") && !has(Runtime::Al2, "libssl.so.3"));
        assert!(has(Runtime::Al2, "libssl.so.10") && !has(Runtime::Al2023, "libssl.so.10"));
        assert_eq!(presence(Runtime::Al2023, "libssl.so.1.1"), Presence::Absent);
        assert_eq!(presence(Runtime::Al2, "libc.so.6"), Presence::Certain);
    }
}
