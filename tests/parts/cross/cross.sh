# shellcheck shell=bash
# Tests need it as: cross 
#
# cross, the containers it builds in, and an image with a C compiler for each musl
# target. The image is made here of Debian's packages: a test's image must not
# depend on what some registry has under a name today.

debian podman 'command -v podman'
debian runc 'command -v runc'
debian netavark 'test -x /usr/lib/podman/netavark'
debian debootstrap 'PATH=$PATH:/usr/sbin command -v debootstrap'

install_cross() {
    local version=0.2.5
    # shellcheck disable=SC2154 # it is tests/parts/common that sets $parts
    local home=$parts/cross-$version

    if [ ! -x "$home/bin/cross" ]; then
        say "installing cross $version"
        # cargo puts a program in place when it is complete.
        cargo install cross --version "$version" --locked --root "$home" ||
            die "could not install cross $version"
    fi
    ln -sfn "${home##*/}" "$parts/cross"
}

# How podman is to run here and in CI: with limits no higher than a container may
# set, with cgroups that need no systemd, and with the network as it is, which asks
# for no firewall. Nothing of the system's is changed: the tests point to this file.
configure_containers() {
    cat >"$parts/containers.conf" <<'CONF'
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
netns = "host"

[engine]
cgroup_manager = "cgroupfs"
runtime = "runc"
CONF
    export CONTAINERS_CONF=$parts/containers.conf
}

# A new recipe needs a new tag, here and in tests/real/machine.rs.
make_cross_image() {
    local image=localhost/cargo-lambda-zip-tests/musl:1 root

    if ! podman image exists "$image"; then
        [ "$(uname -m)" = x86_64 ] || unavailable "the image for cross can be made on x86_64 only"
        say "making the image for cross"
        root=$parts/.cross-image
        as_root rm -rf "$root"
        PATH=$PATH:/usr/sbin as_root debootstrap --variant=minbase \
            --include=gcc,libc6-dev,musl-tools,gcc-aarch64-linux-gnu,libc6-dev-arm64-cross \
            bookworm "$root" || die "could not make a root for the image with debootstrap"
        # musl for arm64 comes with a wrapper of the cross compiler.
        as_root chroot "$root" sh -euc '
            dpkg --add-architecture arm64
            apt-get update --quiet
            DEBIAN_FRONTEND=noninteractive \
                apt-get install --yes --quiet --no-install-recommends musl-dev:arm64
        ' || die "could not install musl for arm64 in the image"
        # musl's wrappers are to compile only: what they link on x86_64 asks for a
        # loader. Rust brings along all of musl that a static program is linked with.
        as_root tar -C "$root" --exclude=./var/cache/apt --exclude=./var/lib/apt/lists \
            --exclude=./usr/share/doc --exclude=./usr/share/locale -c . |
            podman import --quiet \
                --change ENV=CARGO_TARGET_AARCH64_UNKNOWN_LINUX_MUSL_LINKER=aarch64-linux-gnu-gcc \
                - "$image" || die "could not import the image for cross"
        as_root rm -rf "$root"
    fi
    podman run --rm "$image" true || die "podman cannot start a container here"
}

install_cross
configure_containers
make_cross_image
