import Testing

@testable import GroupTheory

@Suite struct IrrepsParsingTests {
  @Test func acceptsE3nnSyntax() throws {
    #expect(try Irreps<O3>(parsing: " 16x0e+8 x 1o +2e ") == "16x0e+8x1o+1x2e")
    #expect(try Irreps<O3>(parsing: "3y+2x2y") == "3o+2x2e")
    #expect(try Irreps<O3>(parsing: "  ") == Irreps([]) && "\(Irreps<O3>([]))" == "")
    #expect(try Irreps<SO3>(parsing: "4x0+1") == Irreps([.init(4, .init(degree: 0)), .init(1, .init(degree: 1))]))
    let text = "16x0e+8x1o+1x12e"
    #expect(try "\(Irreps<O3>(parsing: text))" == text)
  }

  @Test(
    arguments: [
      ("0e+1", 3, "1"), ("2x0e + x1o", 7, "x1o"), ("0e++1o", 3, ""), ("0e+", 3, ""), ("-1x0e", 0, "-1x0e"), ("0e + 1 o", 5, "1 o"),
      ("1u", 0, "1u"), ("2x3x1o", 0, "2x3x1o"), ("99999999999999999999e", 0, "99999999999999999999e"), ("+0e", 0, ""),
      ("4611686018427387904e", 0, "4611686018427387904e"), ("9999999999x0e", 0, "9999999999x0e"), ("e", 0, "e"), ("é", 0, "é"),
    ]) func rejectsAndNamesThePlace(text: String, position: Int, term: String)
  {
    let error = #expect(throws: IrrepsSyntaxError.self) { try Irreps<O3>(parsing: text) }
    #expect(error?.position == position && error?.term == term)
    #expect(error.map { "\($0)".contains("such as 1o") } == true)
  }

  @Test func randomTextNeverTraps() {
    var generator = SplitMix64(seed: 41)
    let alphabet = Array("0123456789xeoy+ ")
    var parsed = 0
    for _ in 0..<3000 {
      let text = String((0..<Int(generator.next() % 9)).map { _ in alphabet[Int(generator.next() % 16)] })
      guard let irreps = try? Irreps<O3>(parsing: text) else { continue }
      parsed += 1
      #expect(try! Irreps<O3>(parsing: "\(irreps)") == irreps)
    }
    #expect(parsed > 50 && parsed < 2000)
  }

  @Test func badLiteralsTrap() async {
    await #expect(processExitsWith: .failure) { _ = "1z" as Irreps<O3> }
  }

  @Test func interpolatedLiterals() {
    let (n, m, l) = (16, UInt8(8), 2)
    let hidden: Irreps<O3> = "\(n)x0e + \(m)x1o + 4x\(l)e"
    #expect(hidden == Irreps([.init(16, .init(degree: 0, parity: .even)), .init(8, O3.Irrep("1o")!), .init(4, O3.Irrep("2e")!)]))
    let parts: Irreps<O3> = "\(hidden[1...]) + \(hidden.terms[0]) + 3x\(O3.Irrep.sphericalHarmonic(degree: 3)) + 2x\("1" + "e")"
    #expect("\(parts)" == "8x1o+4x2e+16x0e+3x3o+2x1e")
    #expect(("\(n)x0 + \(l)" as Irreps<SO3>) == "16x0 + 1x2")
    // What goes through a String is parsed, and throws.
    #expect(throws: IrrepsSyntaxError.self) { try Irreps<O3>(parsing: "\(-n)x0e") }
  }

  @Test func emptyListsInLiterals() {
    let none = Irreps<O3>([])
    #expect(("\(none) + 1o" as Irreps<O3>) == "1o" && ("1o + \(none)" as Irreps<O3>) == "1o" && ("\(none)" as Irreps<O3>) == none)
    #expect(("\(none)+\(none)" as Irreps<O3>) == none && ("0e+\(none)+1o" as Irreps<O3>) == "0e+1o")
    #expect(("\(0)x0e" as Irreps<O3>).terms.count == 1)
  }

  @Test func badInterpolatedLiteralsTrapWithWords() async {
    func words(_ result: ExitTest.Result?) -> String { String(decoding: result?.standardErrorContent ?? [], as: UTF8.self) }
    let negative = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let n = -3
      _ = "0e + \(n)x1o" as Irreps<O3>
    }
    #expect(words(negative).contains("\"0e + -3x1o\", character 5: \"-3x1o\" is no term of irreps; write an optional multiplicity"))
    let nested = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let hidden: Irreps<O3> = "8x1o"
      _ = "2x\(hidden)" as Irreps<O3>
    }
    #expect(words(nested).contains("\"2x8x1o\" is no term of irreps"))
    let ofNothing = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = "2x\(Irreps<O3>([]))" as Irreps<O3>
    }
    #expect(words(ofNothing).contains("is no term of irreps"))
  }
}
