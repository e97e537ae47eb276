import Equivariant
import Foundation

/// A table of what each product of two features of degrees 0 ... L can express, as measured by `ExpressivityReport`.
struct ExpressivityTable {
  let degree: Int

  /// Products of one channel of 0e + 1o + 2e + ... with itself, to irreps up to degree L of both parities.
  func reports() -> [ExpressivityReport] {
    let harmonics = Irreps<O3>.sphericalHarmonics(upTo: degree)
    let all = Irreps<O3>(
      harmonics.tensorProduct(harmonics).terms.filter { $0.irrep.degree <= degree }.map { Irreps<O3>.Term(1, $0.irrep) })
    let odd = all.filter { $0.parity != Parity(ofDegree: $0.degree) }
    var generator = RandomSource(seed: 1)
    func report<M: Module<Double>>(
      _ name: String, _ module: M, _ multiplyAdds: Int?, _ complexity: String,
      _ apply: (M, IrrepsTensor<Double>, IrrepsTensor<Double>) -> IrrepsTensor<Double>
    ) -> ExpressivityReport {
      ExpressivityReport(
        name, of: module, from: harmonics, harmonics, upTo: degree, multiplyAdds: multiplyAdds, complexity: complexity,
        using: &generator, applying: apply)
    }
    let full = TensorProduct<Double>.fullyConnected(harmonics, harmonics, to: all, using: &generator)
    let elementwise = TensorProduct<Double>.elementwise(harmonics, harmonics) { $0.degree <= degree }
    let matrix = MatrixTensorProduct<Double>(harmonics, harmonics, to: all, using: &generator)
    let gaunt = GauntTensorProduct<Double>(harmonics, harmonics, to: harmonics, using: &generator)
    var result = [
      report("Clebsch-Gordan, full", full, full.multiplyAdds, "O(L⁵)") { $0($1, $2) },
      report("Clebsch-Gordan, elementwise", elementwise, elementwise.multiplyAdds, "O(L⁴)") { $0($1, $2) },
      report("Gaunt", gaunt, nil, "O(L³)") { $0($1, $2) },
    ]
    // Two vectors are the least that a cross product needs.
    if !odd.terms.isEmpty {
      let vectorSignal = VectorSignalGauntProduct<Double>(harmonics, harmonics, to: odd, using: &generator)
      result.append(report("vector-signal Gaunt", vectorSignal, nil, "O(L³)") { $0($1, $2) })
      result.append(
        report("Gaunt + vector-signal", Both(gaunt: gaunt, vectorSignal: vectorSignal), nil, "O(L³)") {
          .concatenated([$0.gaunt($1, $2), $0.vectorSignal($1, $2)])
        })
    }
    result.append(report("matrix product", matrix, matrix.multiplyAdds, "O(L³)") { $0($1, $2) })
    return result
  }

  private struct Both: Module {
    var gaunt: GauntTensorProduct<Double>
    var vectorSignal: VectorSignalGauntProduct<Double>

    mutating func visit(_ visitor: inout ParameterVisitor<Double>) {
      visitor("gaunt", &gaunt)
      visitor("vectorSignal", &vectorSignal)
    }
  }

  func run() {
    let harmonics = Irreps<O3>.sphericalHarmonics(upTo: degree)
    print("\(harmonics) ⊗ \(harmonics), one channel, to all irreps of degrees up to \(degree)")
    print(
      "maps: independent bilinear maps to an irrep, of the Clebsch-Gordan paths; odd: paths of odd l1+l2+l3; madds: multiply-adds a row")
    let columns = ["product", "maps", "paths", "odd", "parameters", "madds", "cost", "residual"]
    let rows = reports().map { report -> [String] in
      let odd = report.antisymmetric
      return [
        report.name, "\(report.independentMaps)/\(report.paths.count)", "\(report.paths.count(where: \.isPresent))",
        "\(odd.present)/\(odd.total)", "\(report.parameters)", report.multiplyAdds.map { "\($0)" } ?? "-", report.complexity,
        String(format: "%.0e", report.residual),
      ]
    }
    print(table([columns] + rows))
  }
}

/// Rows in columns of equal width.
func table(_ rows: [[String]]) -> String {
  let widths = rows[0].indices.map { i in rows.map { $0[i].count }.max()! }
  return rows.map { row in
    zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
  }.joined(separator: "\n")
}
