import Synchronization

/// The real blocks computed so far in this process.
final class RealCouplingBlocks: Sendable {
  enum Kind: Hashable { case wigner3j, clebschGordan, gaunt }

  private struct Key: Hashable {
    let kind: Kind
    let degrees: SIMD3<Int>
  }

  private let blocks = Mutex<[Key: CouplingCoefficients]>([:])

  /// The block, from the cache or computed outside the lock; where two threads compute the same one, either result will do.
  func block(_ kind: Kind, _ degrees: SIMD3<Int>) -> CouplingCoefficients {
    checkDegrees(degrees.x, degrees.y, degrees.z)
    let key = Key(kind: kind, degrees: degrees)
    if let known = blocks.withLock({ $0[key] }) { return known }
    let result: CouplingCoefficients
    switch kind {
    case .wigner3j: result = CouplingCoefficients(real: degrees) { $0.value() }
    case .clebschGordan:
      let scale = FactorialRoot(rootOfDimension: 2 * degrees.z + 1)
      result = CouplingCoefficients(real: degrees) { (scale * $0).value() }
    case .gaunt:
      var scale = FactorialRoot(gauntScale: degrees.x, degrees.y, degrees.z)
      scale.integer.isNegative = false
      result = CouplingCoefficients(real: degrees) { (scale * $0).value(times: .inverseRootPi) }
    }
    blocks.withLock { $0[key] = result }
    return result
  }
}

/// The process-wide cache behind ``CouplingCoefficients/wigner3j(_:_:_:)`` and its like.
let realBlocks = RealCouplingBlocks()
