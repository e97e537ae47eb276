import ArgumentParser
import Equivariant
import ExampleSupport

/// The choice of pairs of a file.
struct PairSelection: ParsableArguments {
  @Option(help: "Take every k-th pair only.") var every = 1
  @Option(help: "A category of pairs to take; all where not given.") var category: [String] = []

  func validate() throws { try checkCounts([("every", every)]) }

  /// The chosen categories, in the order of the file; none if the file has none.
  func categories(of data: GraphData) -> [String] {
    data.distinctCategories.filter { category.isEmpty || category.contains($0) }
  }

  /// The numbers of the chosen pairs in the file.
  func pairs(of data: GraphData) throws -> [Int] {
    guard data.isPaired else {
      if every > 1 { throw ValidationError("--every takes pairs; \(data.path) has graphs, of which all pairs are compared") }
      if !category.isEmpty { throw ValidationError("--category takes pairs; \(data.path) has graphs, of which all pairs are compared") }
      return []
    }
    let categories = categories(of: data)
    if let unknown = category.first(where: { !categories.contains($0) }) {
      let known = data.distinctCategories
      throw ValidationError(
        known.isEmpty
          ? "--category: the pairs of \(data.path) have no categories"
          : "--category must be one of \(known.joined(separator: ", ")), not \(unknown)")
    }
    return (0..<data.graphs.count / 2).filter { pair in
      pair % every == 0 && (category.isEmpty || categories.contains(data.categories![pair]))
    }
  }
}
