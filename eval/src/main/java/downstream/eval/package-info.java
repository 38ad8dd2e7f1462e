/** What every part of the harness needs: errors of bad input, atomic files, digests, settings. */
@NullMarked
package downstream.eval;

import org.jspecify.annotations.NullMarked;
