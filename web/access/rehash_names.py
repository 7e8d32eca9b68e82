"""Sign-in names hashed anew: after the sign-in secret changed, or after a restore onto a machine that has another one."""

from __future__ import annotations

from sqlalchemy import Connection, LargeBinary, inspect, select, type_coerce, update

from web.access.sign_in_names import hash_name
from web.database.cipher import WordsCipher
from web.database.tables import Person


def rehash_names(connection: Connection, cipher: WordsCipher, secret: str) -> int:
    """Hash every person's sealed name under `secret`, in one transaction; gives how many hashes changed.

    A database from before logins has none. Raises CipherFault, with nothing changed, when a name does not open.
    """
    connection.rollback()
    changed = 0
    with connection.begin():
        if "sign_in_hash" not in {column["name"] for column in inspect(connection).get_columns("person")}:
            return 0
        sealed = type_coerce(Person.__table__.c.name_sealed, LargeBinary)
        query = select(Person.__table__.c.id, sealed, Person.__table__.c.sign_in_hash).where(Person.__table__.c.sign_in_hash.is_not(None))
        for person_id, name_sealed, present in connection.execute(query).all():
            name = cipher.open(bytes(name_sealed), table="person", column="name_sealed", row_id=person_id).decode()
            fresh = hash_name(name, secret)
            if fresh != present:
                connection.execute(update(Person).where(Person.id == person_id).values(sign_in_hash=fresh))
                changed += 1
    return changed
