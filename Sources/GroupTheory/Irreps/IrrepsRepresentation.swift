/// The representation that ``Irreps`` describe, on flat vectors in their order of memory: each term is D ⊗ 1 on [2l+1, multiplicity].
public struct IrrepsRepresentation<G: GroupWithIrreps>: Representation where G.Irrep: RotationIrrep {
  /// The irreps acted on.
  public let irreps: Irreps<G>

  /// The representation of the irreps.
  public init(_ irreps: Irreps<G>) { self.irreps = irreps }

  /// The dimension of the irreps.
  public var dimension: Int { irreps.dimension }

  /// The block-diagonal matrix of g.
  public func callAsFunction(_ g: G.Element) -> Matrix<Double> {
    let matrices = Dictionary(uniqueKeysWithValues: Set(irreps.terms.map(\.irrep)).map { ($0, $0(g)) })
    var result = Matrix<Double>(zeros: dimension, dimension)
    for (term, slice) in zip(irreps.terms, irreps.slices) {
      let (block, channels) = (matrices[term.irrep]!, term.multiplicity)
      for i in 0..<block.rows {
        for j in 0..<block.columns {
          for channel in 0..<channels {
            result[slice.lowerBound + i * channels + channel, slice.lowerBound + j * channels + channel] = block[i, j]
          }
        }
      }
    }
    return result
  }
}

extension Irreps {
  /// The matrices of these irreps.
  public var representation: IrrepsRepresentation<G> { IrrepsRepresentation(self) }
}
