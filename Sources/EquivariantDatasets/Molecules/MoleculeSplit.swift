import DifferentiableTensors
import FileFormats

/// How the conformations of a trajectory are divided into those to learn from and those to test on.
public enum MoleculeSplit: Sendable, Equatable {
  /// Drawn at random, without repetition, by a seed. Where a number is nil, there are 1000 to learn from (or half of all, if these are
  /// fewer) and 1000 of the others to test on (or all of them).
  case random(train: Int? = nil, test: Int? = nil, seed: UInt64 = 1)
  /// Given by their numbers, from 0.
  case numbers(train: [Int], test: [Int])

  /// Given by files of integers from 0, one per line, as the published splits of rMD17 are.
  /// - Throws: `FileFormatError` for a file that cannot be read, and one with the line for anything that is not an integer.
  public static func files(train: String, test: String) throws(FileFormatError) -> MoleculeSplit {
    .numbers(train: try readIntegers(train), test: try readIntegers(test))
  }

  /// The numbers of both parts of `count` conformations in the file `path`, which errors name.
  func numbers(of count: Int, path: String) throws(FileFormatError) -> (train: [Int], test: [Int]) {
    func refusal(_ cause: String, _ cure: String) -> FileFormatError { FileFormatError(.malformed, path: path, cause: cause, cure: cure) }
    switch self {
    case .random(let train, let test, let seed):
      let learnt = train ?? min(1000, count / 2)
      let tested = test ?? min(1000, max(0, count - learnt))
      guard learnt > 1, tested > 1, learnt <= count, tested <= count - learnt else {
        throw refusal(
          "\(learnt) conformations to learn from and \(tested) to be tested on are asked for, of \(count); at least two of each are expected",
          "ask for fewer, or give more conformations")
      }
      var source = RandomSource(seed: seed)
      let order = source.permutation(count)
      return (order.prefix(learnt).sorted(), order.dropFirst(learnt).prefix(tested).sorted())
    case .numbers(let train, let test):
      for number in train + test where !(0..<count).contains(number) {
        throw refusal("conformation \(number) is asked for, and they are numbered from 0 to \(count - 1)", "give a split of this file")
      }
      guard train.count > 1, test.count > 1 else {
        throw refusal("\(train.count) and \(test.count) conformations are asked for, and at least two of each are expected", "give more")
      }
      if let both = Set(train).intersection(test).min() {
        throw refusal("conformation \(both) is to learn from and to be tested on", "give sets without common conformations")
      }
      return (train, test)
    }
  }
}
