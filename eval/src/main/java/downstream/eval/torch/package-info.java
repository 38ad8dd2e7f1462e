/** Calls into PyTorch that DJL has no method for: TorchScript functions, precision, threads. */
@NullMarked
package downstream.eval.torch;

import org.jspecify.annotations.NullMarked;
