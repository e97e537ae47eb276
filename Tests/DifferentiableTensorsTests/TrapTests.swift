import DifferentiableTensors
import Testing

private typealias T = Tensor<Double>

/// Programming errors trap with what was expected and what was received.
@Suite struct TrapTests {

  @Test func elementCount() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = T([1, 2, 3, 4, 5], shape: [2, 3])
    }
    expect(result, says: "shape [2, 3] expects 6 elements, received 5")
  }
  @Test func broadcasting() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = T.zeros([2, 3]) + T.zeros([2, 4])
    }
    expect(result, says: "received [2, 3] and [2, 4]")
  }
  @Test func matmul() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = T.matmul(.zeros([2, 3]), .zeros([4, 2]))
    }
    expect(result, says: "equal inner dimensions are expected, received [2, 3] and [4, 2]")
  }
  @Test func linear() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = T.linear(.zeros([3, 4]), weight: .zeros([2, 5]), bias: nil)
    }
    expect(result, says: "an input [..., in] for a weight [out, in] of shape [2, 5] is expected, received [3, 4]")
  }
  @Test func oneIndexOfAMatrix() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = T.zeros([2, 3])[0]
    }
    expect(result, says: "2 indices are expected for one element of shape [2, 3], received 1")
  }
  @Test func reshape() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = T.zeros([2, 3]).reshaped(to: [4])
    }
    expect(result, says: "a shape of 6 elements is expected for [2, 3], received [4]")
  }
  @Test func axis() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = T.zeros([2, 3]).sum(axis: 2)
    }
    expect(result, says: "received 2")
  }
  @Test func slice() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = T.zeros([2, 3]).sliced(axis: 1, 1..<4)
    }
    expect(result, says: "a range in 0 ..< 3 is expected on axis 1 of [2, 3], received 1..<4")
  }
  @Test func concatenation() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = T.concatenated([.zeros([2, 2]), .zeros([3, 1])])
    }
    expect(result, says: "received [3, 1]")
  }
  @Test func sizesBeyondInt() async {
    await #expect(processExitsWith: .failure) { _ = T.zeros([65536, 65536, 65536, 65536]) }
  }
  @Test func gradientWhereNothingIsRecorded() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = T([1, 2]).asVariable()
      _ = withoutRecording { gradient(of: x.squared().sum(), withRespectTo: x) }
    }
    expect(result, says: "computed where nothing is recorded")
  }
  @Test func rowIndex() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = RowIndex([0, 2], rowCount: 2)
    }
    expect(result, says: "rows in 0 ..< 2 are expected, received 2 at position 1")
  }
  @Test func gather() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = T.zeros([2, 2]).gathered(RowIndex([0], rowCount: 3))
    }
    expect(result, says: "3 rows are expected, received shape [2, 2]")
  }
  @Test func item() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = T.zeros([2]).item
    }
    expect(result, says: "received shape [2]")
  }
  @Test func notAVariable() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = gradient(of: T.zeros([]), withRespectTo: T.zeros([2]))
    }
    expect(result, says: "variable 0 of shape [2] has no graph")
  }
  @Test func freedGraph() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = T([1, 2]).asVariable()
      let y = (x * x).sum()
      _ = gradient(of: y, withRespectTo: x)
      _ = gradient(of: y, withRespectTo: x)
    }
    expect(result, says: "this graph was freed by an earlier gradient")
  }
  @Test func einsum() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = T.einsum("ij,jk->ik", .zeros([2, 3]), .zeros([4, 2]))
    }
    expect(result, says: "axis j of \"ij,jk->ik\" has size 3, received 4")
  }
  @Test func singularMatrix() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = T.zeros([2, 2]).inverse()
    }
    expect(result, says: "an invertible matrix is expected")
  }
  @Test func rank() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Shape([1, 1, 1, 1, 1, 1, 1, 1, 1])
    }
    expect(result, says: "at most 8 dimensions")
  }
}

/// The trap's message contains `text`.
private func expect(_ result: ExitTest.Result?, says text: String, sourceLocation: SourceLocation = #_sourceLocation) {
  let output = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  #expect(output.contains(text), "printed: \(output.prefix(400))", sourceLocation: sourceLocation)
}
