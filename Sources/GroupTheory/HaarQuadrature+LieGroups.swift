import RealModule
import Requirements

// Products of two irreps of degrees up to d have degree up to 2d in all the groups below.

private func turnCount(_ degree: Int) -> Int {
  require(degree >= 0, "expected a degree of at least 0, received \(degree)")
  return 2 * degreeCount(degree) - 1
}

/// How many degrees 0 ... `degree` there are; traps where that is beyond use, such as the `.max` that means all irreps of a finite group.
func degreeCount(_ degree: Int) -> Int {
  require(degree < 1 << 20, "expected a degree below 2^20, received \(degree): the group has infinitely many irreps")
  return max(degree + 1, 0)
}

extension SO2 {
  /// 2d + 1 equidistant rotations.
  public func haarQuadrature(forDegree degree: Int) -> HaarQuadrature<Rotation2> {
    let count = turnCount(degree)
    return HaarQuadrature([HaarQuadrature.equal((0..<count).map { cyclicTurn($0, frequency: 1, n: count) })])
  }

  /// The same rule, since every element is a class.
  public func classQuadrature(forDegree degree: Int) -> HaarQuadrature<Rotation2> { haarQuadrature(forDegree: degree) }
}

extension O2 {
  /// 2d + 1 equidistant rotations times 1 or a reflection.
  public func haarQuadrature(forDegree degree: Int) -> HaarQuadrature<OrthogonalElement2> {
    let rotations = SO2().haarQuadrature(forDegree: degree).map { OrthogonalElement2($0) }
    return HaarQuadrature(rotations + [HaarQuadrature.equal([.identity, .reflection])])
  }

  /// 2d + 1 equidistant rotations, and one reflection for all of them, since they are one class.
  public func classQuadrature(forDegree degree: Int) -> HaarQuadrature<OrthogonalElement2> {
    let rotations = SO2().haarQuadrature(forDegree: degree).map { OrthogonalElement2($0) }[0]
    return HaarQuadrature([rotations.map { ($0.element, $0.weight / 2) } + [(.reflection, 0.5)]])
  }
}

extension SO3 {
  /// R_y(α) R_x(β) R_y(γ) with 2d + 1 equidistant α and γ, and the d + 1 Gauss-Legendre nodes cos β.
  public func haarQuadrature(forDegree degree: Int) -> HaarQuadrature<Rotation3> {
    let turns = SO2().haarQuadrature(forDegree: degree).map { $0.about(axis: SIMD3(0, 1, 0)) }
    let legendre = GaussLegendre(count: degree + 1)
    let tilts = zip(legendre.angles, legendre.weights).map { beta, weight in
      (element: Rotation3(axis: SIMD3(1, 0, 0), angle: beta), weight: weight / 2)
    }
    return HaarQuadrature(turns + [tilts] + turns)
  }

  /// Rotations by d + 1 angles t in (0, π] about one axis; classes have the density (1 − cos t)/π (Weyl's integration formula), and
  /// equidistant angles on the whole circle are exact for that times a product of characters.
  public func classQuadrature(forDegree degree: Int) -> HaarQuadrature<Rotation3> {
    // Weyl's formula has cosines up to 2d + 1, so 2d + 2 points on the circle; t and 2π − t are one class, and t = 0 has no weight.
    let count = turnCount(degree) + 1
    return HaarQuadrature([
      (1..<(degree + 2)).map { k in
        let half = Double.sin(.pi * Double(k) / Double(count))
        let turn = cyclicTurn(k, frequency: 1, n: count)
        return (turn.about(axis: SIMD3(0, 1, 0)), (2 * k == count ? 2 : 4) * half * half / Double(count))
      }
    ])
  }
}

extension O3 {
  /// The rule of ``SO3`` times 1 or the inversion.
  public func haarQuadrature(forDegree degree: Int) -> HaarQuadrature<OrthogonalElement> {
    HaarQuadrature(SO3().haarQuadrature(forDegree: degree).map { OrthogonalElement($0) } + Self.parities)
  }

  /// The rule of ``SO3`` times 1 or the inversion, which commutes with all elements.
  public func classQuadrature(forDegree degree: Int) -> HaarQuadrature<OrthogonalElement> {
    HaarQuadrature(SO3().classQuadrature(forDegree: degree).map { OrthogonalElement($0) } + Self.parities)
  }

  private static var parities: [[HaarQuadrature<OrthogonalElement>.Node]] { [HaarQuadrature.equal([.identity, .inversion])] }
}

extension DirectProduct where A: GroupWithIrreps, B: GroupWithIrreps {
  /// The nodes of both factors.
  public func haarQuadrature(forDegree degree: Int) -> HaarQuadrature<Element> {
    joined(first.haarQuadrature(forDegree: degree), second.haarQuadrature(forDegree: degree))
  }

  /// The nodes of both factors: classes are pairs of classes.
  public func classQuadrature(forDegree degree: Int) -> HaarQuadrature<Element> {
    joined(first.classQuadrature(forDegree: degree), second.classQuadrature(forDegree: degree))
  }

  private func joined(_ a: HaarQuadrature<A.Element>, _ b: HaarQuadrature<B.Element>) -> HaarQuadrature<Element> {
    HaarQuadrature(
      a.map { ProductElement($0, second.identity) } + b.map { ProductElement(first.identity, $0) })
  }
}
