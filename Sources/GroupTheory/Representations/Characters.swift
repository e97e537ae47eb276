extension GroupWithIrreps {
  /// The inner product of characters ⟨χ, ψ⟩ = ∫ χ(g) ψ(g) dg: the dimension of the space of equivariant maps between the two
  /// representations. It is exact to rounding if both consist of irreps up to the degree.
  public func characterInnerProduct(
    _ a: some Representation<Element>, _ b: some Representation<Element>, upTo degree: Int
  ) -> Double {
    classMean(upTo: degree) { a.character(of: $0) * b.character(of: $0) }
  }

  /// The Frobenius-Schur indicator ∫ χ(g²) dg: 1, 0 or −2 for a real irrep of real, complex or quaternionic type, and the sum over the
  /// irreps in any representation that consists of irreps up to the degree.
  public func frobeniusSchurIndicator(of representation: some Representation<Element>, upTo degree: Int) -> Double {
    classMean(upTo: degree) { representation.character(of: product($0, $0)) }
  }

  private func classMean(upTo degree: Int, of function: (Element) -> Double) -> Double {
    classQuadrature(forDegree: degree).nodes(of: self).reduce(0) { $0 + $1.weight * function($1.element) }
  }
}

extension FiniteGroup {
  /// The inner product of characters ⟨χ, ψ⟩, the mean of χ(g) ψ(g): the dimension of the space of equivariant maps.
  public func characterInnerProduct(_ a: some Representation<Element>, _ b: some Representation<Element>) -> Double {
    classMean { a.character(of: $0) * b.character(of: $0) }
  }

  /// The Frobenius-Schur indicator, the mean of χ(g²): 1, 0 or −2 for a real irrep of real, complex or quaternionic type.
  public func frobeniusSchurIndicator(of representation: some Representation<Element>) -> Double {
    classMean { representation.character(of: product($0, $0)) }
  }

  private func classMean(of function: (Element) -> Double) -> Double {
    // A group with irreps may know its classes without a list of its elements.
    let known = (self as? any GroupWithIrreps<Element>)?.classQuadrature(forDegree: .max)
    let nodes = (known ?? classQuadrature(forDegree: .max)).nodes(of: self)
    return nodes.reduce(0) { $0 + $1.weight * function($1.element) }
  }
}

/// A deviation between that of rounding, 1e-13 in a hundred dimensions, and that of an error, which is of order 1.
let acceptedDeviation = 1e-8

extension GeneratedGroup {
  /// The generators and their products in pairs: where a decomposition is checked.
  var witnesses: [Element] { generators + generators.flatMap { a in generators.map { product(a, $0) } } }
}

extension GroupWithIrreps where Self: GeneratedGroup {
  /// How often each irrep occurs in a representation, in the order of ``irreps(upTo:)`` and without those that do not occur: the inner
  /// product of characters divided by the dimension of the irrep's commuting algebra.
  ///
  /// Throws if the numbers are not integers, do not add up to the dimension, or give another character on generators and their products:
  /// then it is not a representation, or it contains irreps above the degree.
  public func multiplicities(
    in representation: some Representation<Element>, upTo degree: Int
  ) throws(DecompositionError) -> [(irrep: Irrep, multiplicity: Int)] {
    let nodes = classQuadrature(forDegree: degree).nodes(of: self)
    let weighted = nodes.map { $0.weight * representation.character(of: $0.element) }
    var result: [(irrep: Irrep, multiplicity: Int)] = []
    for irrep in irreps(upTo: degree) {
      let product = zip(nodes, weighted).reduce(0) { $0 + $1.1 * irrep.character(of: $1.0.element) }
      let value = product / Double(irrep.frobeniusSchurType.endomorphismDimension)
      let multiplicity = value.rounded()
      // Negated so that NaN throws.
      guard abs(value - multiplicity) <= acceptedDeviation, multiplicity >= 0, multiplicity <= Double(representation.dimension) else {
        throw .notACharacter(irrep: "\(irrep)", multiplicity: value)
      }
      if multiplicity > 0 { result.append((irrep, Int(multiplicity))) }
    }
    let found = result.reduce(0) { $0 + $1.multiplicity * $1.irrep.dimension }
    guard found == representation.dimension else { throw .incomplete(found: found, dimension: representation.dimension) }
    for g in witnesses {
      let sum = result.reduce(0) { $0 + Double($1.multiplicity) * $1.irrep.character(of: g) }
      let deviation = abs(representation.character(of: g) - sum)
      guard deviation <= acceptedDeviation else { throw .notARepresentation(deviation: deviation) }
    }
    return result
  }
}

extension GroupWithIrreps where Self: FiniteGroup {
  /// How often each irrep occurs in a representation; throws if it is not a representation.
  public func multiplicities(
    in representation: some Representation<Element>
  ) throws(DecompositionError) -> [(irrep: Irrep, multiplicity: Int)] {
    try multiplicities(in: representation, upTo: .max)
  }
}

/// Why a representation was not decomposed into irreps.
public enum DecompositionError: Error, Equatable, CustomStringConvertible {
  /// The character gives an irrep a multiplicity that is not a whole number.
  case notACharacter(irrep: String, multiplicity: Double)
  /// The irreps up to the degree make up only `found` of the `dimension` dimensions (or more of them).
  case incomplete(found: Int, dimension: Int)
  /// max |ρ(g)ᵀ ρ(g) − 1| for a generator or a product of two.
  case notOrthogonal(deviation: Double)
  /// For a generator or a product of two, |χ(g) − Σ χ_σ(g)| with the irreps found, or max |ρ(g) U − U ⊕σ(g)| with the basis found.
  case notARepresentation(deviation: Double)

  /// What was expected and what was received, and the cure.
  public var description: String {
    let cure = "check it with RepresentationLaws, or raise the degree"
    return switch self {
    case .notACharacter(let irrep, let multiplicity):
      "expected a representation of irreps up to the degree, but \(irrep) would occur \(multiplicity) times: \(cure)"
    case .incomplete(let found, let dimension):
      "expected a representation of irreps up to the degree, but these fill \(found) of \(dimension) dimensions: \(cure)"
    case .notOrthogonal(let deviation):
      "expected an orthogonal representation, received one with max |ρᵀρ − 1| = \(deviation) at a generator: change to an orthonormal basis"
    case .notARepresentation(let deviation):
      "expected a representation of irreps up to the degree, but at a generator it differs by \(deviation) from the sum of irreps found: \(cure)"
    }
  }
}
