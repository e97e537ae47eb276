import Testing

@testable import GroupTheory

/// Something to be done with each group whose irreps are known; `degree` is that up to which irreps are taken.
protocol GroupTask {
  associatedtype Result
  func callAsFunction<G: GroupWithIrreps & GeneratedGroup>(_ group: G, upTo degree: Int) -> Result
}

/// A group with known irreps, by its name: what a parameterised test takes.
struct GroupWithIrrepsCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  private let group: any GroupWithIrreps & GeneratedGroup
  private let degree: Int

  init(_ name: String, _ group: any GroupWithIrreps & GeneratedGroup, upTo degree: Int = 1) {
    (testDescription, self.group, self.degree) = (name, group, degree)
  }

  func run<T: GroupTask>(_ task: T) -> T.Result {
    func opened<G: GroupWithIrreps & GeneratedGroup>(_ group: G) -> T.Result { task(group, upTo: degree) }
    return opened(group)
  }

  static let all: [GroupWithIrrepsCase] =
    [
      GroupWithIrrepsCase("SO(2)", SO2(), upTo: 4),
      GroupWithIrrepsCase("O(2)", O2(), upTo: 4),
      GroupWithIrrepsCase("SO(3)", SO3(), upTo: 2),
      GroupWithIrrepsCase("O(3)", O3(), upTo: 2),
      GroupWithIrrepsCase("SO(2) x O(2)", DirectProduct(SO2(), O2()), upTo: 1),
      GroupWithIrrepsCase("the torus", DirectProduct(SO2(), SO2()), upTo: 1),
      GroupWithIrrepsCase("SO(3) x C3", DirectProduct(SO3(), CyclicGroup(3)), upTo: 1),
      GroupWithIrrepsCase("T x C3", DirectProduct(PointGroup.t, CyclicGroup(3))),
      GroupWithIrrepsCase("Q8", QuaternionGroup()),
      GroupWithIrrepsCase("Q8 x C2", DirectProduct(QuaternionGroup(), CyclicGroup(2))),
    ]
    + [1, 2, 5, 6].map { GroupWithIrrepsCase("C\($0)", CyclicGroup($0)) }
    + [1, 2, 3, 4].map { GroupWithIrrepsCase("D\($0)", DihedralGroup($0)) }
    + (0...4).map { GroupWithIrrepsCase("S\($0)", SymmetricGroup($0)) }
    + PointGroup.allCases.map { GroupWithIrrepsCase($0.rawValue, $0) }
}

extension Matrix<Double> {
  /// The eigenvectors of a random symmetric matrix.
  static func randomOrthogonal(_ n: Int, using generator: inout SplitMix64) -> Matrix {
    let a = Matrix(rows: n, columns: n, (0..<(n * n)).map { _ in generator.uniform() - 0.5 })
    return SymmetricEigen(a + a.transposed).vectors
  }
}
