import Equivariant
import Foundation
import Testing

/// Bases of symmetrised products by e3nn, evaluated at random features; see References/README.md.
struct SymmetricProductReference: Decodable {
  let formula: String
  let irreps: String
  /// One list of features for each index, or one for all; [points][dimension].
  let x: [[Double]]
  let points: Int
  /// For each irrep the basis, each element [points][2l+1].
  let values: [String: [[Double]]]

  static func all() throws -> [SymmetricProductReference] {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../References/symmetric_products.json")
    return try JSONDecoder().decode([SymmetricProductReference].self, from: Data(contentsOf: url))
  }

  /// The irreps of every index.
  var parsed: Irreps<O3> { try! Irreps<O3>(parsing: irreps) }

  func features(_ k: Int) -> IrrepsTensor<Double> {
    IrrepsTensor(e3nn: Tensor(x[k]).reshaped(points, x[k].count / points), irreps: parsed)
  }
}

/// The number of singular values of the rows above 1e-8 of the largest; expects none between that and 1e-11.
func rank(_ rows: [[Double]], at location: SourceLocation = #_sourceLocation) -> Int {
  guard let width = rows.first?.count else { return 0 }
  let matrix = Tensor(rows.flatMap { $0 }, shape: [rows.count, width])
  let s = matrix.singularValueDecomposition().s.elements
  #expect(!s.contains { $0 > 1e-11 * s[0] && $0 < 1e-8 * s[0] }, "no gap in \(s)", sourceLocation: location)
  return s.count { $0 > 1e-8 * s[0] }
}
