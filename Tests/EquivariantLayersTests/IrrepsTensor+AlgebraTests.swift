import EquivarianceTesting
import Equivariant
import Testing

@Suite struct IrrepsTensorAlgebraTests {
  let irreps: Irreps<O3> = "3x0e+2x1o+1x0e+2x2e+1x1o"
  private func features(_ seed: UInt64, _ outer: [Int] = [4]) -> IrrepsTensor<Double> {
    LayerChecks.features(irreps, outer: outer, seed: seed)
  }
  private func isEquivariant(_ map: (IrrepsTensor<Double>) -> IrrepsTensor<Double>, to output: Irreps<O3>? = nil) -> Bool {
    let (value, gradient) = LayerChecks.equivariance(of: map, at: features(1), to: output ?? irreps)
    return max(value.relativeError, gradient.relativeError) < 1e-13
  }

  @Test func arithmetic() {
    let (x, y) = (features(1), features(2))
    #expect((x - y).tensor == x.tensor - y.tensor && (-x).tensor == -x.tensor)
    #expect((x * 3).tensor == x.tensor * 3 && (3 * x).tensor == x.tensor * 3)
    var z = x
    z += y
    z -= x
    #expect((z - y).tensor.absolute().max().item < 1e-15)
  }

  /// A factor a row, and one an irrep, by definition; both are equivariant, and a factor a component is not.
  @Test func factors() {
    let x = features(1, [4, 2])
    let perRow = random([4, 2], seed: 3)
    #expect((x * perRow)[term: 3][2, 1, 4, 1] == x[term: 3][2, 1, 4, 1] * perRow[2, 1])
    let perIrrep = random([4, 2, irreps.irrepCount], seed: 4)
    let scaled = perIrrep * x
    var channel = 0
    for (i, term) in irreps.terms.enumerated() {
      for c in 0..<term.multiplicity {
        for m in 0..<term.irrep.dimension {
          #expect(scaled[term: i][3, 0, m, c] == x[term: i][3, 0, m, c] * perIrrep[3, 0, channel])
        }
        channel += 1
      }
    }
    #expect(isEquivariant { $0 * random([4], seed: 5) } && isEquivariant { $0 * random([4, 9], seed: 5) })
    #expect(isEquivariant { $0 * $0.norms })
    #expect(!isEquivariant { IrrepsTensor($0.tensor * random([irreps.dimension], seed: 5), irreps: irreps) })
  }

  @Test func rows() {
    let x = features(1)
    let index = RowIndex([2, 0, 2, 3, 1], rowCount: 4)
    #expect(x.gathered(index).tensor == x.tensor.gathered(index))
    let messages = features(2, [5])
    #expect(messages.segmentSum(index).tensor == messages.tensor.scatterAdded(index))
    #expect(messages.segmentMean(index)[rows: 2..<3].tensor == (messages[rows: 0..<1] + messages[rows: 2..<3]).tensor * 0.5)
    #expect(IrrepsTensor.concatenated(rows: [x[rows: 0..<1], x[rows: 1..<4]]).tensor == x.tensor)
    // ⟨gathered x, y⟩ = ⟨x, summed y⟩.
    let (left, right) = ((x.gathered(index).tensor * messages.tensor).sum(), (x.tensor * messages.segmentSum(index).tensor).sum())
    #expect(abs(left.item - right.item) < 1e-12)
  }

  @Test func partsByIrrep() {
    let x = features(1)
    #expect(x[irrep: "1o"] == .concatenated([x[term: 1], x[term: 4]]) && x[irrep: "2e"] == x[term: 3])
    #expect(x[irrep: "3o"].shape == [4, 7, 0])
    #expect(x.regrouped.irreps == "4x0e+3x1o+2x2e" && x.regrouped[term: 0] == x[irrep: "0e"])
    #expect(x.filtered { $0.degree == 1 }.irreps == "2x1o+1x1o")
    #expect(isEquivariant({ $0.regrouped }, to: irreps.regrouped))
    // The flat tensor under the other name is another thing.
    #expect(!isEquivariant({ IrrepsTensor($0.tensor, irreps: irreps.regrouped) }, to: irreps.regrouped))
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = IrrepsTensor<Double>(.zeros([2, 3]), irreps: "1o") - IrrepsTensor<Double>(.zeros([2, 3]), irreps: "1e")
    }
    await #expect(processExitsWith: .failure) { _ = IrrepsTensor<Double>(.zeros([2, 6]), irreps: "2x1o") * Tensor([1, 2, 3]) }
    await #expect(processExitsWith: .failure) { _ = IrrepsTensor<Double>(.zeros([3]), irreps: "1o").gathered(RowIndex([0], rowCount: 3)) }
  }
}
