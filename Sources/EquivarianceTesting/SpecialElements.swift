import GroupTheory

/// A group with special elements, which are never drawn at random and which code often gets wrong: the identity, half turns, the inversion,
/// tiny rotations.
public protocol SpecialElements: Group {
  /// The special elements, beginning with the identity.
  var specialElements: [Element] { get }
}

extension SO3: SpecialElements {
  /// The identity, half and quarter turns about the axes, a half turn and a third of a turn about (1, 1, 1), rotations by 10⁻⁹.
  public var specialElements: [Rotation3] {
    let axes: [SIMD3<Double>] = [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
    let diagonal = SIMD3<Double>(1, 1, 1)
    return [.identity] + axes.flatMap { axis in [.pi, .pi / 2, 1e-9].map { Rotation3(axis: axis, angle: $0) } }
      + [.pi, 2 * .pi / 3, 1e-9].map { Rotation3(axis: diagonal, angle: $0) }
  }
}

extension O3: SpecialElements {
  /// The special elements of SO(3), and their products with the inversion: the inversion itself, reflections and rotary reflections.
  public var specialElements: [OrthogonalElement] {
    let rotations = SO3().specialElements
    return rotations.map { OrthogonalElement($0) } + rotations.map { OrthogonalElement($0, isImproper: true) }
  }
}

extension SE3: SpecialElements {
  /// The special elements of SO(3), and translations by 10⁻⁹ and 10 along each axis.
  public var specialElements: [RigidMotion] {
    SO3().specialElements.map { RigidMotion(rotation: $0, translation: .zero) } + translations
  }
}

extension E3: SpecialElements {
  /// The special elements of O(3), and translations by 10⁻⁹ and 10 along each axis.
  public var specialElements: [RigidMotion] {
    O3().specialElements.map { RigidMotion(linear: $0, translation: .zero) } + translations
  }
}

private var translations: [RigidMotion] {
  [1e-9, 10].flatMap { length in
    (0..<3).map { axis in
      var t = SIMD3<Double>.zero
      t[axis] = length
      return RigidMotion(linear: .identity, translation: t)
    }
  }
}

extension SymmetricGroup: SpecialElements {
  /// The identity, the transposition (0 1), the cycle of all points and the reversal of their order.
  public var specialElements: [Permutation] {
    guard n > 1 else { return [identity] }
    let images = [[1, 0] + Array(2..<n), Array(1..<n) + [0], Array((0..<n).reversed())]
    return [identity] + images.compactMap { try? Permutation($0) }
  }
}
