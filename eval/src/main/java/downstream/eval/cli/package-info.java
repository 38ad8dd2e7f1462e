/** The command line and its plug-in point. */
@NullMarked
package downstream.eval.cli;

import org.jspecify.annotations.NullMarked;
