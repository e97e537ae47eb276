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
}
