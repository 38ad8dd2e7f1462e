/** Basics shared by all packages: input errors, atomic files, digests, settings, devices. */
@NullMarked
package downstream.eval;

import org.jspecify.annotations.NullMarked;
