#!/bin/sh
# Compiles for 64-bit ARM what can be compiled on this machine, to objects, without linking or running them.
#
# The C code is compiled as it is. A Swift SDK for ARM is not part of a toolchain, but the textual interfaces of the standard library are; this
# script makes ARM's from them. Foundation and Dispatch have none: libraries that import Foundation are left out, and Dispatch is replaced by
# the declaration of the one type that is used. Called by the Makefile, after the headers of ARM's C library have been installed.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
out=${1:-$root/.build/cross}
target=aarch64-unknown-linux-gnu
sysroot=/usr/aarch64-linux-gnu
swiftc=$(command -v swiftc)
resources=$("$swiftc" -print-target-info | sed -n 's/.*"runtimeResourcePath" *: *"\(.*\)".*/\1/p')
host=$("$swiftc" -print-target-info | sed -n 's/.*"moduleTriple" *: *"\(.*\)".*/\1/p' | head -n 1)
clang=$(dirname "$(readlink -f "$swiftc")")/clang
if [ ! -d $sysroot/include ]; then
  echo "the headers of ARM's C library are missing in $sysroot; on Debian they are the package libc6-dev-arm64-cross" >&2
  exit 1
fi
mkdir -p "$out"

echo "C:"
for file in "$root"/Sources/CKernels/*.c; do
  "$clang" --target=$target --sysroot=$sysroot -isystem $sysroot/include -O2 -Wall -Wextra -Werror -I "$root/Sources/CKernels/include" \
    -c "$file" -o "$out/$(basename "$file").o"
  echo "  $(basename "$file")"
done

# The toolchain's resources with interfaces for ARM in place of the modules for this machine.
rm -rf "$out/swift" "$out/modules"
mkdir -p "$out/swift/linux" "$out/modules"
for entry in "$resources"/*; do [ "$(basename "$entry")" = linux ] || ln -s "$entry" "$out/swift/"; done
for entry in "$resources"/linux/*; do
  name=$(basename "$entry")
  interface=$entry/$host.swiftinterface
  case $name in
    *.swiftmodule)
      [ -f "$interface" ] || continue
      mkdir "$out/swift/linux/$name"
      # Two functions of Float80, which ARM does not have, call what its C library does not have either.
      sed -e "s/$host/$target/g" -e 's/self = _stdlib_\(remainder\|squareRoot\)l(.*)/Swift.fatalError()/' "$interface" \
        >"$out/swift/linux/$name/$target.swiftinterface"
      ;;
    *) ln -s "$entry" "$out/swift/linux/" ;;
  esac
done
[ -e "$out/swift/linux/aarch64" ] || ln -s "$resources/linux/${host%%-*}" "$out/swift/linux/aarch64"

compile() { # compile MODULE FILE...
  module=$1
  shift
  "$swiftc" -target $target -sdk $sysroot -resource-dir "$out/swift" -module-cache-path "$out/cache" -swift-version 6 -Onone \
    -package-name swift_equivariant -module-name "$module" -parse-as-library -whole-module-optimization -I "$out/modules" \
    -Xcc --sysroot=$sysroot -Xcc -isystem -Xcc $sysroot/include $(pkg-config --cflags fftw3 openblas zlib) \
    -I "$out/include" -I "$root/Sources/CKernels/include" -Xcc -fmodule-map-file="$out/CKernels.modulemap" \
    -Xcc -fmodule-map-file="$root/Sources/CFFTW/module.modulemap" -Xcc -fmodule-map-file="$root/Sources/COpenBLAS/module.modulemap" \
    -I "$numerics/_NumericsShims/include" -emit-module -emit-module-path "$out/modules/$module.swiftmodule" -c "$@" -o "$out/$module.o"
  echo "  $module"
}

# Headers of system libraries that are the same on every machine.
mkdir -p "$out/include"
cp "$(pkg-config --variable=includedir fftw3)/fftw3.h" "$out/include/"
numerics=$root/.build/checkouts/swift-numerics/Sources
printf 'module CKernels {\n  umbrella "%s"\n  export *\n}\n' "$root/Sources/CKernels/include" >"$out/CKernels.modulemap"
cat >"$out/Dispatch.swift" <<'SWIFT'
public final class DispatchSemaphore: Sendable {
  public init(value: Int) {}
  public func wait() {}
  @discardableResult public func signal() -> Int { 0 }
}
SWIFT

echo "Swift:"
compile Dispatch "$out/Dispatch.swift"
compile RealModule $(find "$numerics/RealModule" -name '*.swift')
for library in Requirements $LIBRARIES; do
  files=$(find "$root/Sources/$library" -name '*.swift')
  # What stands on a library that is left out is left out as well.
  skip=$(grep -hE '^ *(public |@_exported )?import Foundation' $files || true)
  for missing in ${left_out:-}; do skip="$skip$(grep -hE "^ *import $missing\$" $files || true)"; done
  if [ -n "$skip" ]; then
    left_out="${left_out:-} $library"
  else
    compile "$library" $files
  fi
done
echo "left out, as no Foundation for ARM is to be had here:$left_out"
