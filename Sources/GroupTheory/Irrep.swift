/// The three kinds of irreducible real representations, by the algebra of the matrices that commute with them.
public enum FrobeniusSchurType: Int, Sendable, CaseIterable {
  /// ℝ: only multiples of the identity commute; the representation is irreducible over ℂ as well.
  case real = 1
  /// ℂ: over ℂ the representation is a sum of two different conjugate irreducible ones.
  case complex = 2
  /// ℍ: over ℂ the representation is twice one irreducible one.
  case quaternionic = 4

  /// The dimension of the commuting algebra, 1, 2 or 4; also the mean of χ² over the group.
  public var endomorphismDimension: Int { rawValue }
}

/// An irreducible real orthogonal representation. Irreps are values and labels: equal ones are the same, and different ones are
/// inequivalent.
public protocol IrreducibleRepresentation<Element>: Representation, Hashable, CustomStringConvertible {
  /// A basis of the algebra of matrices that commute with every ρ(g), the identity first: 1 for the real type; 1 and J with J² = −1 for the
  /// complex type; 1, I, J and K for the quaternionic type. All are orthogonal matrices.
  var endomorphisms: [Matrix<Double>] { get }
}

extension IrreducibleRepresentation {
  /// The identity alone, for the real type.
  public var endomorphisms: [Matrix<Double>] { [.identity(dimension)] }

  /// The Frobenius-Schur type, from the number of ``endomorphisms``.
  public var frobeniusSchurType: FrobeniusSchurType {
    let count = endomorphisms.count
    guard let type = FrobeniusSchurType(rawValue: count) else {
      fatalError("expected 1, 2 or 4 endomorphisms of an irreducible representation, received \(count)")
    }
    return type
  }
}

/// A compact group whose irreducible real representations are known, each as a value.
public protocol GroupWithIrreps<Element>: CompactGroup {
  /// The type of the irreps.
  associatedtype Irrep: IrreducibleRepresentation<Element>

  /// The irreps up to a degree, each equivalence class once, the trivial one first. The meaning of the degree depends on the group (a
  /// frequency k, a degree l); a finite group may ignore it and return all of them.
  func irreps(upTo degree: Int) -> [Irrep]

  /// A rule for the mean over the group that is exact for products of matrix entries of two irreps up to the degree.
  func haarQuadrature(forDegree degree: Int) -> HaarQuadrature<Element>

  /// A rule for the mean over the group that is exact for products of characters of two irreps up to the degree; it is shorter.
  func classQuadrature(forDegree degree: Int) -> HaarQuadrature<Element>
}

extension GroupWithIrreps where Self: FiniteGroup {
  /// All irreps of the finite group; Σ (dim ρ)² / (dimension of its commuting algebra) = |G|.
  public var irreps: [Irrep] { irreps(upTo: .max) }
}

/// The rotation by a quarter turn, [[0, −1], [1, 0]]: what commutes with rotations of the plane.
let quarterTurn = Matrix<Double>([[0, -1], [1, 0]])
