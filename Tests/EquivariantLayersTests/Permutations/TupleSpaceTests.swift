import Equivariant
import Testing

@Suite struct TupleSpaceTests {
  @Test func rowsOfAllTuples() {
    let space = TupleSpace(sizes: [2, 0, 3])
    #expect(space.setCount == 3 && (0...3).map { space.rowCount(order: $0) } == [3, 5, 13, 35])
    #expect(
      space.points(axes: [0, 0]).map(\.rows) == [[0, 0, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4], [0, 1, 0, 1, 2, 3, 4, 2, 3, 4, 2, 3, 4]])
    #expect(space.sets(axes: [0]).rows == [0, 0, 2, 2, 2] && space.sets(axes: []).rows == [0, 1, 2])
    #expect(space.row(of: [3, 4], axes: [0, 0]) == 9 && space.row(of: [0, 4], axes: [0, 0]) == nil)
    #expect(space.row(of: [2, 3, 4], axes: [0, 0, 0]) == 8 + 5)
  }

  @Test func rowsOfSomeTuples() {
    let off = TupleSpace(sizes: [3, 1], subspace: .zeroDiagonal)
    #expect((0...3).map { off.rowCount(order: $0) } == [2, 4, 6, 6])
    #expect(off.points(axes: [0, 0]).map(\.rows) == [[0, 0, 1, 1, 2, 2], [1, 2, 0, 2, 0, 1]])
    #expect(off.row(of: [1, 2], axes: [0, 0]) == 3 && off.row(of: [1, 1], axes: [0, 0]) == nil)
    let symmetric = TupleSpace(sizes: [3, 1], subspace: .symmetric)
    #expect(symmetric.points(axes: [0, 0]).map(\.rows) == [[0, 0, 0, 1, 1, 2, 3], [0, 1, 2, 1, 2, 2, 3]])
    let pairs = TupleSpace(pairs: Graph(nodeCount: 4, receivers: [0, 2, 3], senders: [1, 3, 3], graphSizes: [2, 2]))
    #expect((0...2).map { pairs.rowCount(order: $0) } == [2, 4, 3])
    #expect(pairs.row(of: [2, 3], axes: [0, 0]) == 1 && pairs.row(of: [3, 2], axes: [0, 0]) == nil)
    #expect(pairs.sets(axes: [0, 0]).rows == [0, 1, 1])
  }

  @Test func severalKinds() {
    let space = TupleSpace(sizesByKind: [[2, 1], [1, 3]])
    #expect(space.rowCount(axes: [0, 1]) == 5 && space.rowCount(axes: [1, 1]) == 10 && space.rowCount(axes: [1, 0, 1]) == 11)
    #expect(space.points(axes: [1, 0]).map(\.rows) == [[0, 0, 1, 2, 3], [0, 1, 2, 2, 2]])
    #expect(space.row(of: [3, 2], axes: [1, 0]) == 4 && space.row(of: [3, 1], axes: [1, 0]) == nil)
  }

  @Test func emptyBatches() {
    let none = TupleSpace(sizes: []), empty = TupleSpace(sizes: [0])
    #expect((0...2).map { none.rowCount(order: $0) } == [0, 0, 0] && (0...2).map { empty.rowCount(order: $0) } == [1, 0, 0])
    var generator = RandomSource(seed: 1)
    let features = (0...2).map { TupleFeature.order($0, channels: 1) }
    let layer = PermutationLinear<Double>(from: features, to: features, using: &generator).withBias
    for space in [none, empty] {
      let y = layer(layer.randomFeatures(on: space), on: space)
      #expect(y.map { $0.shape[0] } == (0...2).map { space.rowCount(order: $0) } && y[0].elements.allSatisfy(\.isFinite))
    }
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = TupleSpace(sizesByKind: [[1, 2], [3]]) }
    // A pair twice, one of two graphs, a loop where there are none, and the larger point first.
    await #expect(processExitsWith: .failure) { _ = TupleSpace(pairs: Graph(nodeCount: 2, receivers: [0, 0], senders: [1, 1])) }
    await #expect(processExitsWith: .failure) {
      _ = TupleSpace(pairs: Graph(nodeCount: 2, receivers: [0], senders: [1], graphSizes: [1, 1]))
    }
    await #expect(processExitsWith: .failure) {
      _ = TupleSpace(pairs: Graph(nodeCount: 2, receivers: [1], senders: [1]), subspace: .zeroDiagonal)
    }
    await #expect(processExitsWith: .failure) {
      _ = TupleSpace(pairs: Graph(nodeCount: 2, receivers: [1], senders: [0]), subspace: .symmetric)
    }
    await #expect(processExitsWith: .failure) { _ = TupleSpace(sizes: [3], subspace: .symmetric).rowCount(order: 3) }
  }
}
