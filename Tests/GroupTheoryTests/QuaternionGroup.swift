@testable import GroupTheory

/// Q₈ = {±1, ±i, ±j, ±k}, the smallest group with an irrep of quaternionic type; 2u + s is the unit u with the sign (−1)^s.
struct QuaternionGroup: FiniteGroup, GroupWithIrreps {
  private static let units = [[0, 1, 2, 3], [1, 0, 3, 2], [2, 3, 0, 1], [3, 2, 1, 0]]
  private static let signs = [[0, 0, 0, 0], [0, 1, 0, 1], [0, 1, 1, 0], [0, 0, 1, 1]]

  var identity: Int { 0 }
  var order: Int { 8 }
  var elements: [Int] { Array(0..<8) }
  var generators: [Int] { [2, 4] }
  func index(of a: Int) -> Int { a }
  func product(_ a: Int, _ b: Int) -> Int {
    2 * Self.units[a / 2][b / 2] + (Self.signs[a / 2][b / 2] + a + b) % 2
  }
  func inverse(of a: Int) -> Int { a < 2 ? a : a ^ 1 }
  func randomElement(using generator: inout some RandomNumberGenerator) -> Int { Int.random(in: 0..<8, using: &generator) }

  /// The characters of Q₈/{±1}, by the unit that they keep besides 1 (0: all), and left multiplication on ℍ (4).
  struct Irrep: IrreducibleRepresentation {
    let number: Int
    var dimension: Int { number == 4 ? 4 : 1 }
    func callAsFunction(_ g: Int) -> Matrix<Double> {
      if number < 4 { return Matrix([[number == 0 || g < 2 || g / 2 == number ? 1 : -1]]) }
      return matrix { QuaternionGroup().product(g, 2 * $0) }
    }
    /// Right multiplications.
    var endomorphisms: [Matrix<Double>] {
      number < 4 ? [.identity(1)] : (0..<4).map { unit in matrix { QuaternionGroup().product(2 * $0, 2 * unit) } }
    }
    var description: String { number == 4 ? "H" : "A\(number)" }

    private func matrix(_ image: (Int) -> Int) -> Matrix<Double> {
      var result = Matrix<Double>(zeros: 4, 4)
      for unit in 0..<4 { result[image(unit) / 2, unit] = image(unit).isMultiple(of: 2) ? 1 : -1 }
      return result
    }
  }

  func irreps(upTo degree: Int) -> [Irrep] { (0..<5).map { Irrep(number: $0) } }
}
