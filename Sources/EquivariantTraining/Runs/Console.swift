import Foundation

/// What a program tells its user while it runs.
public enum Console {
  /// Prints a line to the standard output, without delay even if that is a file.
  public static func note(_ text: String) {
    print(text)
    fflush(nil)
  }

  /// Prints a line to the standard error, apart from output that another program may read.
  public static func remark(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
