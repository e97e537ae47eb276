/// The sign table of e3nn's real 3j coefficients, which changed between versions.
///
/// Files of weights do not name it, though columns of radial networks belong to one of the tables: with the wrong one, forces are wrong by up
/// to 5 meV/Å, and energies look right.
public enum E3NNSigns: String, Sendable, CaseIterable {
  /// Up to e3nn 0.4.4, and of models that were saved with it.
  case old
  /// From e3nn 0.5 on, and of this library.
  case new

  /// The table of a version of e3nn such as "0.4.4"; nil where the text is none.
  public init?(version: String) {
    let numbers = version.split(separator: ".").prefix(2).map { Int($0) }
    guard numbers.count == 2, let major = numbers[0], let minor = numbers[1] else { return nil }
    self = (major, minor) < (0, 5) ? .old : .new
  }

  /// The table in which the coefficient (1, 2, 2) has this value at its components (0, 0, 1); nil where it is in neither.
  public init?(coefficient122: Double) {
    guard abs(abs(coefficient122) - 1 / 30.0.squareRoot()) < 1e-6 else { return nil }
    self = coefficient122 > 0 ? .old : .new
  }

  /// The sign that takes coefficients of this table to those of the library; nil beyond degree 6, where the old table is not known.
  func sign(_ l1: Int, _ l2: Int, _ l3: Int) -> Double? {
    if self == .new { return 1 }
    let l = [l1, l2, l3].sorted()
    if l[2] > 6 { return nil }
    let others = [[3, 4, 6], [4, 4, 5], [4, 5, 6], [5, 5, 5], [5, 6, 6]]
    return l[0] == 1 && l[1] == l[2] && l[1] >= 2 || others.contains(l) ? -1 : 1
  }
}
