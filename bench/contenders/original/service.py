"""A small file service in the manner of the server that HomeServer grew from: FastAPI, SQLAlchemy with
asyncpg, aiofiles, psutil. Its habits are those of its kind: chunks of 1 MiB through a thread pool, the
pool of connections that SQLAlchemy makes by default, every row in one list, a psutil reading of its own
for each socket. Files lie under their id; nothing is hashed, nothing is synced.
"""

import asyncio
import os
import uuid
from datetime import datetime

import aiofiles
import psutil
from fastapi import Depends, FastAPI, File, Form, HTTPException, UploadFile, WebSocket
from fastapi.responses import FileResponse
from sqlalchemy import BigInteger, Column, DateTime, String, func, select
from sqlalchemy.dialects.postgresql import ARRAY, UUID
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, sessionmaker

FOLDER = os.environ["FILES_FOLDER"]
CHUNK_BYTES = 1024 * 1024

pool = {"pool_size": int(os.environ["POOL_SIZE"])} if "POOL_SIZE" in os.environ else {}
engine = create_async_engine(os.environ["DATABASE_URL"], **pool)
Session = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
Base = declarative_base()
app = FastAPI()


class FileMetadata(Base):
    __tablename__ = "file_metadata"
    id = Column(UUID(as_uuid=True), primary_key=True)
    filename = Column(String(255), nullable=False)
    content_type = Column(String(100))
    size = Column(BigInteger, nullable=False)
    storage_path = Column(String(500), nullable=False)
    upload_date = Column(DateTime, default=datetime.utcnow)
    tags = Column(ARRAY(String))


def described(row):
    return {
        "id": str(row.id),
        "filename": row.filename,
        "content_type": row.content_type,
        "size": row.size,
        "upload_date": row.upload_date.isoformat(),
        "tags": row.tags or [],
    }


async def session():
    async with Session() as opened:
        yield opened


@app.on_event("startup")
async def make_tables():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)


@app.post("/api/files/upload", status_code=201)
async def upload(file: UploadFile = File(...), tags: str = Form(""), db=Depends(session)):
    file_id = uuid.uuid4()
    path = os.path.join(FOLDER, str(file_id))
    size = 0
    async with aiofiles.open(path, "wb") as target:
        while chunk := await file.read(CHUNK_BYTES):
            await target.write(chunk)
            size += len(chunk)
    row = FileMetadata(
        id=file_id,
        filename=file.filename,
        content_type=file.content_type,
        size=size,
        storage_path=path,
        tags=[tag.strip() for tag in tags.split(",") if tag.strip()],
    )
    db.add(row)
    await db.commit()
    await db.refresh(row)
    return described(row)


@app.get("/api/files/list")
async def list_files(db=Depends(session)):
    rows = await db.execute(select(FileMetadata).order_by(FileMetadata.upload_date.desc()))
    return [described(row) for row in rows.scalars()]


@app.get("/api/files/{file_id}/download")
async def download(file_id: uuid.UUID, db=Depends(session)):
    row = await db.get(FileMetadata, file_id)
    if row is None:
        raise HTTPException(404)
    return FileResponse(row.storage_path, filename=row.filename, media_type=row.content_type)


@app.delete("/api/files/{file_id}", status_code=204)
async def delete(file_id: uuid.UUID, db=Depends(session)):
    row = await db.get(FileMetadata, file_id)
    if row is None:
        raise HTTPException(404)
    os.unlink(row.storage_path)
    await db.delete(row)
    await db.commit()


async def metrics(db):
    count, size = (await db.execute(select(func.count(), func.sum(FileMetadata.size)))).one()
    memory, disk = psutil.virtual_memory(), psutil.disk_usage("/")
    return {
        "cpu": psutil.cpu_percent(interval=0.1),
        "memory": {"total": memory.total, "used": memory.used, "percent": memory.percent},
        "disk": {"total": disk.total, "used": disk.used, "percent": disk.percent},
        "boot": psutil.boot_time(),
        "files": {"count": count, "size": int(size or 0)},
    }


@app.websocket("/api/monitoring/ws")
async def watch(socket: WebSocket):
    await socket.accept()
    try:
        while True:
            async with Session() as db:
                await socket.send_json(await metrics(db))
            await asyncio.sleep(2)
    except Exception:  # the client is gone
        return
