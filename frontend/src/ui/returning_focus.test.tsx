import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { afterEach, expect, test } from 'vitest'

import { ConfirmDialog } from './confirm_dialog'

afterEach(cleanup)

function Page({ openerStays }: { openerStays: boolean }) {
  const [open, setOpen] = useState(false)
  const [done, setDone] = useState(false)
  return (
    <main tabIndex={-1}>
      {(openerStays || !done) && <button onClick={() => setOpen(true)}>Delete…</button>}
      <ConfirmDialog
        title="Delete?"
        description="For good."
        confirmLabel="Delete"
        cancelLabel="Keep"
        open={open}
        onOpenChange={setOpen}
        onConfirm={() => setDone(true)}
      />
    </main>
  )
}

test.each(['Keep', 'Delete'])('after “%s” the focus is where it was', async (answer) => {
  const user = userEvent.setup()
  render(<Page openerStays />)
  await user.click(screen.getByText('Delete…'))
  expect(document.activeElement).toBe(screen.getByText('Keep'))

  await user.click(screen.getByRole('button', { name: answer }))

  expect(document.activeElement).toBe(screen.getByText('Delete…'))
})

test('where the opener is gone, the focus is in the content', async () => {
  const user = userEvent.setup()
  render(<Page openerStays={false} />)
  await user.click(screen.getByText('Delete…'))

  await user.click(screen.getByRole('button', { name: 'Delete' }))

  expect(document.activeElement).toBe(screen.getByRole('main'))
})
