/// The non-zero coefficients C[m₁, m₂, m₃] that couple irreps of three degrees, as a sparse block.
///
/// The entries are ordered by m₁, m₂, m₃. The blocks of the real harmonics are computed once per process and shared.
public struct CouplingCoefficients: Sendable {
  /// One coefficient and its place.
  public struct Entry: Hashable, Sendable {
    /// The component −l₁ ... l₁ of the first irrep.
    public let m1: Int
    /// The component of the second irrep.
    public let m2: Int
    /// The component of the third irrep.
    public let m3: Int
    /// The coefficient, not 0.
    public let value: Double
  }

  /// The degrees (l₁, l₂, l₃).
  public let degrees: SIMD3<Int>
  /// The non-zero coefficients, ordered by m₁, m₂, m₃.
  public let entries: [Entry]

  /// The coefficient at the components m₁, m₂, m₃, by binary search; 0 where there is none.
  public subscript(m1: Int, m2: Int, m3: Int) -> Double {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      let entry = entries[middle]
      if (entry.m1, entry.m2, entry.m3) < (m1, m2, m3) { low = middle + 1 } else { high = middle }
    }
    guard low < entries.count, (entries[low].m1, entries[low].m2, entries[low].m3) == (m1, m2, m3) else { return 0 }
    return entries[low].value
  }

  /// The same coefficients rounded to single precision, as models that were stored in `Float` keep them. Blocks with a degree 0 stay exact: such
  /// models multiply by identity matrices there.
  public var roundedToFloat: CouplingCoefficients {
    if degrees.min() == 0 { return self }
    return CouplingCoefficients(
      degrees: degrees, entries: entries.map { Entry(m1: $0.m1, m2: $0.m2, m3: $0.m3, value: Double(Float($0.value))) })
  }

  /// All coefficients in row-major order, of shape (2l₁+1, 2l₂+1, 2l₃+1).
  public var dense: [Double] {
    let (n1, n2, n3) = (2 * degrees.x + 1, 2 * degrees.y + 1, 2 * degrees.z + 1)
    var result = [Double](repeating: 0, count: n1 * n2 * n3)
    for entry in entries {
      result[((entry.m1 + degrees.x) * n2 + entry.m2 + degrees.y) * n3 + entry.m3 + degrees.z] = entry.value
    }
    return result
  }
}

extension CouplingCoefficients {
  /// e3nn's real Wigner 3j coefficients, of Frobenius norm 1 (see ``RealWigner3j``); empty where the degrees form no triangle.
  ///
  /// The block is invariant under D^{l₁} ⊗ D^{l₂} ⊗ D^{l₃}; exchanging two degrees with their axes multiplies by (−1)^(l₁+l₂+l₃). Each
  /// value is correctly rounded. Traps on negative degrees.
  public static func wigner3j(_ l1: Int, _ l2: Int, _ l3: Int) -> CouplingCoefficients {
    realBlocks.block(.wigner3j, SIMD3(l1, l2, l3))
  }

  /// Real Clebsch-Gordan coefficients √(2l₃+1) times ``wigner3j(_:_:_:)``, as cuEquivariance and e3x normalise them: an isometry from
  /// D^{l₃} into D^{l₁} ⊗ D^{l₂}.
  public static func clebschGordan(_ l1: Int, _ l2: Int, _ l3: Int) -> CouplingCoefficients {
    realBlocks.block(.clebschGordan, SIMD3(l1, l2, l3))
  }

  /// Real Gaunt coefficients ∫ Y_{l₁m₁} Y_{l₂m₂} Y_{l₃m₃} dΩ of orthonormal real harmonics; empty for odd l₁+l₂+l₃.
  ///
  /// They are √((2l₁+1)(2l₂+1)(2l₃+1)/(4π)) |(l₁ l₂ l₃; 0 0 0)| times ``wigner3j(_:_:_:)``; each value is correctly rounded.
  public static func gaunt(_ l1: Int, _ l2: Int, _ l3: Int) -> CouplingCoefficients {
    realBlocks.block(.gaunt, SIMD3(l1, l2, l3))
  }

  /// The complex 3j symbols of three degrees, which are computed anew on every call. See ``Wigner3j``.
  public static func complexWigner3j(_ l1: Int, _ l2: Int, _ l3: Int) -> CouplingCoefficients {
    CouplingCoefficients(complex: l1, l2, l3) { Wigner3j(l1, l2, l3, $0, $1, $2).value }
  }

  /// The complex Gaunt coefficients of three degrees, which are computed anew on every call. See ``Gaunt``.
  public static func complexGaunt(_ l1: Int, _ l2: Int, _ l3: Int) -> CouplingCoefficients {
    checkDegrees(l1, l2, l3)
    let scale = FactorialRoot(gauntScale: l1, l2, l3)
    return CouplingCoefficients(complex: l1, l2, l3) {
      (scale * Wigner3j(l1, l2, l3, $0, $1, $2).root).value(times: .inverseRootPi)
    }
  }

  /// The block of a coefficient that vanishes unless m₁ + m₂ + m₃ = 0.
  private init(complex l1: Int, _ l2: Int, _ l3: Int, value: (Int, Int, Int) -> Double) {
    checkDegrees(l1, l2, l3)
    guard isTriangle(2 * l1, 2 * l2, 2 * l3) else {
      self.init(degrees: SIMD3(l1, l2, l3), entries: [])
      return
    }
    var entries: [Entry] = []
    for m1 in -l1...l1 {
      for m2 in -l2...l2 where abs(m1 + m2) <= l3 {
        let value = value(m1, m2, -m1 - m2)
        if value != 0 { entries.append(Entry(m1: m1, m2: m2, m3: -m1 - m2, value: value)) }
      }
    }
    self.init(degrees: SIMD3(l1, l2, l3), entries: entries)
  }

  /// The block of the real irreps: the values of `root`, computed once for the up to four choices of signs that share it.
  init(real degrees: SIMD3<Int>, root: (FactorialRoot) -> Double) {
    let (l1, l2, l3) = (degrees.x, degrees.y, degrees.z)
    var entries: [Entry] = []
    if isTriangle(2 * l1, 2 * l2, 2 * l3) {
      for n1 in 0...l1 {
        for n2 in 0...l2 {
          for n3 in Set([n1 + n2, abs(n1 - n2)]) where n3 <= l3 {
            let value = root(FactorialRoot(realMagnitude: l1, l2, l3, n1, n2, n3))
            guard value != 0 else { continue }
            for m1 in Set([-n1, n1]) {
              for m2 in Set([-n2, n2]) {
                for m3 in Set([-n3, n3]) {
                  guard let isNegative = realCouplingIsNegative(l1, l2, l3, m1, m2, m3) else { continue }
                  entries.append(Entry(m1: m1, m2: m2, m3: m3, value: isNegative ? -value : value))
                }
              }
            }
          }
        }
      }
      entries.sort { ($0.m1, $0.m2, $0.m3) < ($1.m1, $1.m2, $1.m3) }
    }
    self.init(degrees: degrees, entries: entries)
  }

  /// The block of the degrees (l[order[0]], l[order[1]], l[order[2]]) of a coefficient that is symmetric up to the factor `sign`.
  func permuted(_ order: SIMD3<Int>, sign: Double) -> CouplingCoefficients {
    let entries = entries.map { entry in
      let m = SIMD3(entry.m1, entry.m2, entry.m3)
      return Entry(m1: m[order.x], m2: m[order.y], m3: m[order.z], value: sign * entry.value)
    }
    return CouplingCoefficients(
      degrees: SIMD3(degrees[order.x], degrees[order.y], degrees[order.z]),
      entries: entries.sorted { ($0.m1, $0.m2, $0.m3) < ($1.m1, $1.m2, $1.m3) })
  }
}
